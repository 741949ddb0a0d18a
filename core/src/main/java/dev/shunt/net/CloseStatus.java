package dev.shunt.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import java.nio.ByteBuffer;

/**
 * Why a WebSocket is closed, as its close frame says it (RFC 6455, section 7.4), with the codes that a browser's {@code
 * CloseEvent} has for what was not said.
 *
 * @param code 1000 to 4999; 0 for none
 * @param reason for people, at most 123 bytes of UTF-8; may be empty
 */
public record CloseStatus(int code, String reason) {

    /** Not closed, or no WebSocket. */
    public static final CloseStatus NONE = new CloseStatus(0, "");

    public static final CloseStatus NORMAL = new CloseStatus(1000, "");

    /** The program stops. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");

    /** The process that has the connection is replaced by another one; a client connects again. */
    public static final CloseStatus RESTART = new CloseStatus(1012, "the server restarts");

    /** Heard only: the peer closed and gave no code. */
    public static final CloseStatus NO_CODE = new CloseStatus(1005, "");

    /** Heard only: the connection has ended without a word of the peer. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

    /** A handler threw. */
    public static final CloseStatus FAILED = new CloseStatus(1011, "");

    /** A handler did not end in time. */
    public static final CloseStatus TOO_LONG = new CloseStatus(1011, "it took too long");

    private static final int CODE_BYTES = 2;

    /** What a control frame has room for beside the code. */
    private static final int MAX_REASON_BYTES = 123;

    /** For a close frame of this end; throws {@link IllegalArgumentException} if that must not be sent. */
    public static CloseStatus toSend(int code, String reason) {
        if (!maySend(code)) {
            throw new IllegalArgumentException("a WebSocket must not be closed with code " + code
                    + "; give 1000 to 1003, 1007 to 1014, or one of your own from 3000 to 4999");
        }
        int bytes = reason.getBytes(UTF_8).length;
        if (bytes > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "a reason of " + bytes + " bytes; a close frame has room for " + MAX_REASON_BYTES);
        }
        return new CloseStatus(code, reason);
    }

    private static boolean maySend(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    /** As in a close frame; {@link #NONE} is empty. */
    public byte[] encoded() {
        if (code == NONE.code) {
            return new byte[0];
        }
        byte[] text = reason.getBytes(UTF_8);
        return ByteBuffer.allocate(CODE_BYTES + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    /** What {@link #encoded} has written; {@link #NONE} of nothing. */
    public static CloseStatus decoded(Data data) {
        byte[] bytes = data.bytes();
        if (bytes.length < CODE_BYTES) {
            return NONE;
        }
        int code = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort());
        return new CloseStatus(code, new String(bytes, CODE_BYTES, bytes.length - CODE_BYTES, UTF_8));
    }
}
