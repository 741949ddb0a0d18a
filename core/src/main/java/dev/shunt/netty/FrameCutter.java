package dev.shunt.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts WebSocket frames (RFC 6455, section 5) out of bytes as they come: payloads of data frames are handed on piece by
 * piece, so that what is wrong is known at its first byte, and control frames whole. Not safe for use by several threads.
 *
 * <pre>
 *   first two bytes ──► length ──► mask ──► payload ─┬─ data: pieces   control: whole
 *        ▲                                           │
 *        └───────────────────────────────────────────┘  wrong: CorruptedWebSocketFrameException with the close code
 * </pre>
 */
final class FrameCutter {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int RSV1 = 4;
    private static final int MAX_CONTROL_BYTES = 125;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int EIGHT_BYTE_LENGTH = 127;
    private static final int MASK_BYTES = 4;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final boolean masked;
    private final boolean deflate;
    private final int maxBytes;
    private final Frames frames;
    private final Unmasking unmasking = this::unmask;

    private boolean inPayload;
    private int opcode;
    private boolean isFinal;
    private boolean inMessage;
    private long messageBytes;
    private int left;
    private int mask;

    /** @param masked whether the peer is a client, whose frames must be masked */
    FrameCutter(boolean masked, boolean deflate, int maxBytes, Frames frames) {
        this.masked = masked;
        this.deflate = deflate;
        this.maxBytes = maxBytes;
        this.frames = frames;
    }

    /** What is made of the frames. */
    interface Frames {

        /** A message begins. */
        void begun(boolean text, boolean compressed);

        /**
         * So many bytes of it are next in {@code in}, to be read and unmasked.
         *
         * @param expected how many of this message are known to come, with these
         */
        void piece(ByteBuf in, int bytes, Unmasking mask, int expected);

        void ended();

        void control(int opcode, byte[] payload);
    }

    /** Takes the mask from bytes that were read, from an index to the end. */
    interface Unmasking {

        void unmask(byte[] bytes, int from, int to);
    }

    /** Between two messages, and no frame has begun. */
    boolean isBetweenMessages() {
        return !inMessage && !inPayload;
    }

    /** Goes on to the end of the frame at the front, if its bytes are there; false if more must come first. */
    boolean decode(ByteBuf in) {
        if (!inPayload && !header(in)) {
            return false;
        }
        if (opcode >= CLOSE) {
            if (in.readableBytes() < left) {
                return false;
            }
            var payload = new byte[left];
            in.readBytes(payload);
            unmask(payload, 0, left);
            inPayload = false;
            frames.control(opcode, payload);
            return true;
        }
        int bytes = Math.min(left, in.readableBytes());
        if (bytes > 0) {
            left -= bytes;
            frames.piece(in, bytes, unmasking, (int) messageBytes);
        }
        if (left > 0) {
            return false;
        }
        inPayload = false;
        if (isFinal) {
            inMessage = false;
            messageBytes = 0;
            frames.ended();
        }
        return true;
    }

    /** False if it is not there whole; what is wrong is said as soon as it can be seen. */
    private boolean header(ByteBuf in) {
        int at = in.readerIndex();
        int there = in.readableBytes();
        if (there < 2) {
            return false;
        }
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        check(first, second);
        int code = second & 0x7f;
        int lengthBytes = code == TWO_BYTE_LENGTH ? Short.BYTES : code == EIGHT_BYTE_LENGTH ? Long.BYTES : 0;
        if (there < 2 + lengthBytes) {
            return false;
        }
        long length = code;
        if (lengthBytes == Short.BYTES) {
            length = in.getUnsignedShort(at + 2);
        } else if (lengthBytes == Long.BYTES) {
            length = in.getLong(at + 2);
        }
        boolean data = (first & 0x08) == 0;
        checkLength(length, lengthBytes, data);
        int headerBytes = 2 + lengthBytes + (masked ? MASK_BYTES : 0);
        if (there < headerBytes) {
            return false;
        }
        mask = masked ? in.getInt(at + 2 + lengthBytes) : 0;
        in.skipBytes(headerBytes);
        opcode = first & 0x0f;
        left = (int) length;
        inPayload = true;
        if (data) {
            begin(first, length);
        }
        return true;
    }

    private void begin(int first, long length) {
        isFinal = (first & 0x80) != 0;
        messageBytes += length;
        if (opcode != CONTINUATION) {
            inMessage = true;
            frames.begun(opcode == TEXT, (first & 0x40) != 0);
        }
    }

    private void check(int first, int second) {
        int code = first & 0x0f;
        int reserved = (first >> 4) & 7;
        boolean mayBeCompressed = deflate && reserved == RSV1 && (code == TEXT || code == BINARY);
        if (reserved != 0 && !mayBeCompressed) {
            throw violation("a reserved bit that means nothing here, RSV " + reserved);
        }
        if (masked != ((second & 0x80) != 0)) {
            throw violation(masked ? "a frame of a client that is not masked" : "a masked frame of a server");
        }
        switch (code) {
            case CONTINUATION -> {
                if (!inMessage) {
                    throw violation("a continuation of nothing");
                }
            }
            case TEXT, BINARY -> {
                if (inMessage) {
                    throw violation("a message within another");
                }
            }
            case CLOSE, PING, PONG -> {
                if ((first & 0x80) == 0 || (second & 0x7f) > MAX_CONTROL_BYTES) {
                    throw violation("a control frame in fragments, or of more than " + MAX_CONTROL_BYTES + " bytes");
                }
                if (code == CLOSE && (second & 0x7f) == 1) {
                    throw violation("a close frame with half a code");
                }
            }
            default -> throw violation("a frame of unknown opcode " + code);
        }
    }

    private void checkLength(long length, int lengthBytes, boolean data) {
        boolean minimal = (lengthBytes != Short.BYTES || length >= TWO_BYTE_LENGTH)
                && (lengthBytes != Long.BYTES || length < 0 || length > 0xffff);
        if (length < 0 || !minimal) {
            throw violation("a length that is negative or not in its shortest form");
        }
        if (data && length > maxBytes - messageBytes) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + maxBytes + " bytes");
        }
    }

    private static CorruptedWebSocketFrameException violation(String what) {
        return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, what);
    }

    /** And turns the mask, so that the next piece of this frame goes on with the right byte. */
    private void unmask(byte[] bytes, int from, int to) {
        if (mask == 0) {
            return;
        }
        long twice = ((long) mask << 32) | (mask & 0xffff_ffffL);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ twice);
        }
        for (int shift = 24; i < to; i++, shift = (shift - 8) & 31) {
            bytes[i] ^= (byte) (mask >>> shift);
        }
        mask = Integer.rotateLeft(mask, 8 * ((to - from) & 3));
    }
}
