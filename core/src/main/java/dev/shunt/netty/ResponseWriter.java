package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.http.HttpPart;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Writes one response as it travels: says how long it is, or that it comes in chunks, or that it ends with the connection.
 * The loop's thread only.
 */
final class ResponseWriter {

    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] OK_LINE = ascii("200 OK");
    private static final byte[] END_OF_LINE = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] LAST_CHUNK = ascii("0\r\n");

    /** For what stands around the lines of the program. */
    private static final int MORE_BYTES = 256;

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final boolean head;
    private final boolean http11;
    private final boolean keepAlive;
    private final DateLine date;
    private boolean chunked;
    private boolean withoutBody;

    /**
     * @param head whether the client wants no body
     * @param keepAlive whether the connection may go on behind it
     */
    ResponseWriter(boolean head, boolean http11, boolean keepAlive, DateLine date) {
        this.head = head;
        this.http11 = http11;
        this.keepAlive = keepAlive;
        this.date = date;
    }

    /** Whether the connection goes on when the first part is written. */
    boolean goesOn(HttpPart first) {
        return keepAlive
                && !first.is(HttpPart.CLOSE)
                && (http11 || first.is(HttpPart.LAST) || first.is(HttpPart.LENGTH));
    }

    /** @param length of the body, which is elsewhere if the part has none */
    void first(HttpPart part, long length, Outbox out) {
        boolean goesOn = goesOn(part);
        withoutBody = head || part.status() == NO_CONTENT || part.status() == NOT_MODIFIED;
        chunked = !part.is(HttpPart.LAST) && !part.is(HttpPart.LENGTH) && http11 && !hasNone(part.status());
        boolean file = part.is(HttpPart.FILE);
        var room = out.room(MORE_BYTES + part.head().length + (file ? 0 : part.body().length));
        int reason = part.reasonBytes();
        room.writeBytes(VERSION);
        if (reason > 0) {
            room.writeBytes(ascii(part.status() + " ")).writeBytes(part.head(), 0, reason);
        } else {
            room.writeBytes(statusLine(part.status())).writeBytes(END_OF_LINE);
        }
        room.writeBytes(date.now()).writeBytes(part.head(), reason, part.head().length - reason);
        if (!goesOn) {
            room.writeBytes(CLOSE);
        } else if (!http11) {
            room.writeBytes(KEEP_ALIVE);
        }
        if (chunked) {
            room.writeBytes(CHUNKED);
        } else if (part.is(HttpPart.LAST) && !hasNone(part.status())) {
            room.writeBytes(LENGTH).writeBytes(ascii(Long.toString(length))).writeBytes(END_OF_LINE);
        }
        room.writeBytes(END_OF_LINE);
        if (!file) {
            body(part, room);
        }
    }

    private static byte[] statusLine(int status) {
        return status == OK ? OK_LINE : ascii(HttpResponseStatus.valueOf(status).toString());
    }

    /** Whether the client gets nothing but the head. */
    boolean isWithoutBody() {
        return withoutBody;
    }

    void more(HttpPart part, Outbox out) {
        body(part, out.room(MORE_BYTES + part.head().length + part.body().length));
    }

    /** More of the body: the bytes from there on. */
    void piece(byte[] bytes, int from, Outbox out) {
        body(bytes, from, out.room(MORE_BYTES + bytes.length - from));
    }

    private void body(byte[] bytes, int from, ByteBuf room) {
        int length = bytes.length - from;
        if (withoutBody || length == 0) {
            return;
        }
        if (!chunked) {
            room.writeBytes(bytes, from, length);
            return;
        }
        room.writeBytes(ascii(Integer.toHexString(length))).writeBytes(END_OF_LINE);
        room.writeBytes(bytes, from, length).writeBytes(END_OF_LINE);
    }

    private void body(HttpPart part, ByteBuf room) {
        body(part.body(), 0, room);
        if (chunked && !withoutBody && part.is(HttpPart.LAST)) {
            room.writeBytes(LAST_CHUNK);
            if (part.is(HttpPart.TRAILERS)) {
                room.writeBytes(part.head());
            }
            room.writeBytes(END_OF_LINE);
        }
    }

    private static boolean hasNone(int status) {
        return status == NO_CONTENT || status == NOT_MODIFIED;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
