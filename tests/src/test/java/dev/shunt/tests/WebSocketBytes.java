package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.shunt.testing.RawClient;
import java.nio.ByteBuffer;

/** A WebSocket client that speaks byte by byte, to say what a decent one would not. Its mask is zero, which is allowed. */
final class WebSocketBytes implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    /** One frame as it came. */
    record Frame(boolean fin, int rsv, int opcode, byte[] payload) {

        String text() {
            return new String(payload, ISO_8859_1);
        }

        int closeCode() {
            return opcode == CLOSE && payload.length >= 2
                    ? ByteBuffer.wrap(payload).getShort() & 0xffff
                    : -1;
        }
    }

    private final RawClient raw;

    private WebSocketBytes(RawClient raw) {
        this.raw = raw;
    }

    /** Shakes hands; returns with the greeting still to read. */
    static WebSocketBytes open(int port, String... headers) {
        var raw = new RawClient(port);
        raw.send(request(headers).getBytes(ISO_8859_1));
        String response = readHead(raw);
        if (!response.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("no handshake: " + response);
        }
        return new WebSocketBytes(raw);
    }

    /** The head of an HTTP response. */
    static String readHead(RawClient raw) {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = raw.read();
            if (next < 0) {
                throw new AssertionError("closed after '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    static String request(String... headers) {
        return """
                GET /chat HTTP/1.1
                Host: localhost
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                %s
                """.formatted(headers.length == 0 ? "" : String.join("\n", headers) + "\n")
                .replace("\n", "\r\n");
    }

    WebSocketBytes send(int opcode, boolean fin, byte[] payload) {
        return sendHead((fin ? FIN : 0) | opcode, payload.length).sendRaw(payload);
    }

    WebSocketBytes send(int opcode, String payload) {
        return send(opcode, true, payload.getBytes(ISO_8859_1));
    }

    /** First byte as given, a length that need not be true, and the mask. */
    WebSocketBytes sendHead(int first, long length) {
        var head = ByteBuffer.allocate(14).put((byte) first);
        if (length < 126) {
            head.put((byte) (MASKED | length));
        } else if (length < 65_536) {
            head.put((byte) (MASKED | 126)).putShort((short) length);
        } else {
            head.put((byte) (MASKED | 127)).putLong(length);
        }
        head.putInt(0).flip();
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        return sendRaw(bytes);
    }

    WebSocketBytes sendRaw(byte[] bytes) {
        raw.send(bytes);
        return this;
    }

    Frame read() {
        byte[] head = raw.read(2);
        int length = head[1] & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(raw.read(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = Math.toIntExact(ByteBuffer.wrap(raw.read(8)).getLong());
        }
        return new Frame((head[0] & FIN) != 0, head[0] >> 4 & 7, head[0] & 0x0f, raw.read(length));
    }

    RawClient raw() {
        return raw;
    }

    @Override
    public void close() {
        raw.close();
    }
}
