package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Writes and reads WebSocket bytes by hand, right ones and wrong ones. */
final class WebSocketBytes {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FINAL = 0x80;
    static final int COMPRESSED = 0x40;

    /** The example of RFC 6455, section 1.2; its answer is in {@link #ACCEPT}. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private WebSocketBytes() {}

    static byte[] request(String... moreHeaders) {
        return ("GET /chat?room=1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version: 13\r\n"
                        + String.join(
                                "",
                                Arrays.stream(moreHeaders).map(h -> h + "\r\n").toList())
                        + "\r\n")
                .getBytes(UTF_8);
    }

    static String response(String... moreHeaders) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + ACCEPT + "\r\n"
                + String.join(
                        "", Arrays.stream(moreHeaders).map(h -> h + "\r\n").toList())
                + "\r\n";
    }

    /** A whole, masked message in one frame, as a client sends it. */
    static byte[] fromClient(int opcode, byte[] payload) {
        return frame(FINAL | opcode, payload, true);
    }

    static byte[] fromClient(int opcode, String payload) {
        return fromClient(opcode, payload.getBytes(UTF_8));
    }

    /** A frame whose first byte is given. */
    static byte[] frame(int first, byte[] payload, boolean masked) {
        var frame = ByteBuffer.allocate(14 + payload.length);
        int mask = masked ? 0x80 : 0;
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | 127)).putLong(payload.length);
        }
        if (masked) {
            frame.put(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (masked ? MASK[i & 3] : 0)));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    static byte[] closeFromClient(int code) {
        return fromClient(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** As permessage-deflate sends it. */
    static byte[] deflated(byte[] message) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(message);
        var deflated = new byte[message.length + 64];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(deflated, length - 4);
    }

    /** Shakes hands and returns the head of the answer, its lines parted by LF. */
    static String shakeHands(RawClient client, String... moreHeaders) {
        client.send(request(moreHeaders));
        return readHead(client);
    }

    static String readHead(RawClient client) {
        var head = new StringBuilder();
        for (String line = client.readLine(); line.length() > 1; line = client.readLine()) {
            head.append(line.strip()).append('\n');
        }
        return head.toString();
    }

    /** The next frame that a server sent. */
    static Frame read(RawClient client) {
        byte[] head = client.read(2);
        int length = head[1] & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(client.read(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(client.read(8)).getLong();
        }
        byte[] mask = (head[1] & 0x80) == 0 ? new byte[4] : client.read(4);
        byte[] payload = client.read(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return new Frame(head[0] & 0xff, (head[1] & 0x80) != 0, payload);
    }

    record Frame(int first, boolean masked, byte[] payload) {

        int opcode() {
            return first & 0x0f;
        }

        String text() {
            return new String(payload, UTF_8);
        }

        int closeCode() {
            return payload.length < 2 ? -1 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }
    }
}
