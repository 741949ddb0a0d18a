package dev.shunt.netty;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.netty.FrameCutter.Unmasking;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message of the pieces of one WebSocket's data frames: joins them, checks text as it comes, and inflates in the
 * end. Holds no more than has come and the longest message allowed. The loop's thread only.
 */
final class Fragments {

    private static final byte[] NOTHING = {};

    private final int maxBytes;
    private final @Nullable Deflation deflation;

    private Utf8 utf8 = new Utf8();
    private boolean text;
    private boolean compressed;
    private byte[] message = NOTHING;
    private int length;

    Fragments(int maxBytes, @Nullable Deflation deflation) {
        this.maxBytes = maxBytes;
        this.deflation = deflation;
    }

    /** A compressed one comes only with deflation. */
    void begin(boolean isText, boolean isCompressed) {
        text = isText;
        compressed = isCompressed;
        utf8 = new Utf8();
    }

    void add(ByteBuf in, int bytes, Unmasking mask, int expected) {
        int end = length + bytes;
        if (message.length < end) {
            // What has come twice over at most, whatever was promised; a message that is there whole fits exactly.
            message = Arrays.copyOf(message, Math.min(expected, Math.max(end, 2 * length)));
        }
        in.readBytes(message, length, bytes);
        mask.unmask(message, length, end);
        if (text && !compressed && !utf8.accepts(message, length, end)) {
            throw notUtf8();
        }
        length = end;
    }

    /** The message that is whole now. */
    Data end() {
        byte[] whole = message.length == length ? message : Arrays.copyOf(message, length);
        drop();
        if (compressed) {
            whole = inflate(whole);
        } else if (text && !utf8.isComplete()) {
            throw notUtf8();
        }
        return Data.received(text ? Data.Kind.TEXT : Data.Kind.BYTES, whole, Codec.json());
    }

    /** It will not be whole. */
    void drop() {
        message = NOTHING;
        length = 0;
    }

    /** Bytes in memory. */
    int held() {
        return message.length;
    }

    /** Bytes of the message that have come. */
    int length() {
        return length;
    }

    private byte[] inflate(byte[] deflated) {
        try {
            byte[] inflated = deflation == null ? deflated : deflation.inflate(deflated, maxBytes);
            if (inflated == null) {
                throw new CorruptedWebSocketFrameException(
                        WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + maxBytes + " bytes");
            }
            if (text && !Utf8.isValid(inflated)) {
                throw notUtf8();
            }
            return inflated;
        } catch (DataFormatException e) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "compressed data that is none: " + e.getMessage(), e);
        }
    }

    private static CorruptedWebSocketFrameException notUtf8() {
        return new CorruptedWebSocketFrameException(
                WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a text message that is not UTF-8");
    }
}
