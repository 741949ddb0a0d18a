package dev.shunt.netty;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of one WebSocket's data frames: joins, inflates, checks text, and never holds more than the longest
 * message allowed. Netty's decoder has seen to it that the frames come in an order that makes sense. The loop's thread
 * only.
 */
final class Fragments {

    private final int maxBytes;
    private final @Nullable Deflation deflation;
    private final Utf8 utf8 = new Utf8();

    private Data.Kind kind = Data.Kind.BYTES;
    private boolean compressed;
    private @Nullable ByteArrayOutputStream joined;

    /** A frame with its reserved bit set is compressed; without deflation none comes here. */
    Fragments(int maxBytes, @Nullable Deflation deflation) {
        this.maxBytes = maxBytes;
        this.deflation = deflation;
    }

    /** The message that this frame completes; null if it goes on. */
    @Nullable Data add(WebSocketFrame frame) {
        if (!(frame instanceof ContinuationWebSocketFrame)) {
            kind = frame instanceof TextWebSocketFrame ? Data.Kind.TEXT : Data.Kind.BYTES;
            compressed = frame.rsv() != 0;
        }
        byte[] piece = ByteBufUtil.getBytes(frame.content());
        if (!compressed) {
            checkText(piece, frame.isFinalFragment());
        }
        byte[] message = join(piece, frame.isFinalFragment());
        if (message == null) {
            return null;
        }
        return Data.received(kind, compressed ? inflate(message) : message, Codec.json());
    }

    private byte @Nullable [] join(byte[] piece, boolean isLast) {
        if (joined == null) {
            if (isLast) {
                return piece;
            }
            joined = new ByteArrayOutputStream();
        }
        if (piece.length > maxBytes - joined.size()) {
            throw tooBig();
        }
        joined.writeBytes(piece);
        if (!isLast) {
            return null;
        }
        byte[] message = joined.toByteArray();
        joined = null;
        return message;
    }

    private byte[] inflate(byte[] message) {
        try {
            byte[] inflated = deflation == null ? message : deflation.inflate(message, maxBytes);
            if (inflated == null) {
                throw tooBig();
            }
            checkText(inflated, true);
            return inflated;
        } catch (DataFormatException e) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "compressed data that is none: " + e.getMessage(), e);
        }
    }

    private void checkText(byte[] piece, boolean isLast) {
        if (kind == Data.Kind.TEXT && !(utf8.accepts(piece) && (!isLast || utf8.isComplete()))) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a text message that is not UTF-8");
        }
    }

    private CorruptedWebSocketFrameException tooBig() {
        return new CorruptedWebSocketFrameException(
                WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + maxBytes + " bytes");
    }
}
