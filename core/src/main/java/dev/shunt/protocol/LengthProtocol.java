package dev.shunt.protocol;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;

/**
 * A header with the length of each message; Swoole's {@code open_length_check}. While the header is the length and nothing
 * else, it is cut off and put on, and programs see bodies. With an {@link #offset} or a {@link #headerBytes} of more, the
 * header has something else that only the program can read and write: its messages are whole packets then, header included.
 * Immutable; made by {@link Protocols#length}.
 */
public final class LengthProtocol implements Protocol {

    private static final Set<Integer> FIELD_BYTES = Set.of(1, 2, 3, 4, 8);

    private final int fieldBytes;
    private final ByteOrder order;
    private final int offset;
    private final int headerBytes;
    private final int adjustment;

    private LengthProtocol(int fieldBytes, ByteOrder order, int offset, int headerBytes, int adjustment) {
        this.fieldBytes = fieldBytes;
        this.order = order;
        this.offset = offset;
        this.headerBytes = headerBytes;
        this.adjustment = adjustment;
    }

    LengthProtocol(int bytes) {
        this(checked(bytes), BIG_ENDIAN, 0, bytes, 0);
    }

    private static int checked(int bytes) {
        if (!FIELD_BYTES.contains(bytes)) {
            throw new IllegalArgumentException("a length of " + bytes + " bytes; it may have 1, 2, 3, 4 or 8");
        }
        return bytes;
    }

    /** In which order the bytes of the length stand. Default: big endian. */
    public LengthProtocol order(ByteOrder value) {
        return new LengthProtocol(fieldBytes, value, offset, headerBytes, adjustment);
    }

    /** How many bytes of the header stand before the length; Swoole's {@code package_length_offset}. Default 0. */
    public LengthProtocol offset(int bytes) {
        if (bytes < 0 || bytes > Integer.MAX_VALUE - Long.BYTES) {
            throw new IllegalArgumentException("offset " + bytes + " of a length; it is 0 or more bytes");
        }
        return new LengthProtocol(fieldBytes, order, bytes, Math.max(headerBytes, bytes + fieldBytes), adjustment);
    }

    /**
     * How many bytes the header has, which the length does not count; Swoole's {@code package_body_offset}. Default: it ends
     * with the length.
     */
    public LengthProtocol headerBytes(int bytes) {
        if (bytes < offset + fieldBytes) {
            throw new IllegalArgumentException("a header of " + bytes + " bytes has no room for a length of "
                    + fieldBytes + " behind " + offset + " others");
        }
        return new LengthProtocol(fieldBytes, order, offset, bytes, adjustment);
    }

    /** What is added to the length that was read; minus the bytes of the header if it counts them. Default 0. */
    public LengthProtocol adjustment(int bytes) {
        return new LengthProtocol(fieldBytes, order, offset, headerBytes, bytes);
    }

    @Override
    public int input(Buffer buffer) {
        if (buffer.length() < offset + fieldBytes) {
            return 0;
        }
        long length = length(buffer);
        long body = length + adjustment;
        if (length < 0 || body < 0 || body > Integer.MAX_VALUE - headerBytes) {
            throw new ProtocolException("a length of " + (length < 0 ? Long.toUnsignedString(length) : length)
                    + ", so a body of " + body + " bytes");
        }
        return headerBytes + (int) body;
    }

    private long length(Buffer buffer) {
        long value = 0;
        for (int i = 0; i < fieldBytes; i++) {
            int at = order == BIG_ENDIAN ? i : fieldBytes - 1 - i;
            value = value << Byte.SIZE | Byte.toUnsignedInt(buffer.get(offset + at));
        }
        return value;
    }

    @Override
    public Data decode(Data packet) {
        byte[] bytes = packet.bytes();
        return isAllHeader() ? Data.of(Arrays.copyOfRange(bytes, headerBytes, bytes.length)) : packet;
    }

    /** @throws IllegalArgumentException if the message is longer than its length can say */
    @Override
    public Data encode(Object message) {
        byte[] body = Data.of(message).bytes();
        if (!isAllHeader()) {
            return Data.of(body);
        }
        long length = (long) body.length - adjustment;
        if (length < 0 || (fieldBytes < Long.BYTES && length >>> (fieldBytes * Byte.SIZE) != 0)) {
            throw new IllegalArgumentException(
                    "a message of " + body.length + " bytes; a length of " + fieldBytes + " bytes cannot say that");
        }
        byte[] packet = new byte[Math.addExact(headerBytes, body.length)];
        for (int i = 0; i < fieldBytes; i++) {
            int at = order == BIG_ENDIAN ? fieldBytes - 1 - i : i;
            packet[at] = (byte) (length >>> (i * Byte.SIZE));
        }
        System.arraycopy(body, 0, packet, headerBytes, body.length);
        return Data.of(packet);
    }

    /** The header is the length, and nothing else. */
    private boolean isAllHeader() {
        return headerBytes == fieldBytes;
    }

    @Override
    public String toString() {
        return "length of " + fieldBytes + " bytes, " + order + ", at " + offset + " of " + headerBytes + ", plus "
                + adjustment;
    }
}
