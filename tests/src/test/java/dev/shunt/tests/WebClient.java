package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A client of HTTP that sends what it is told, byte for byte, and reads what comes. */
final class WebClient implements AutoCloseable {

    private final RawClient raw;

    WebClient(Program program) {
        this(program.port());
    }

    WebClient(int port) {
        raw = new RawClient(port);
    }

    /** @param headers by their names in lower case */
    record Answer(int status, Map<String, String> headers, byte[] bytes) {

        String text() {
            return new String(bytes, UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    RawClient raw() {
        return raw;
    }

    /** Lines end with a line feed here. */
    WebClient send(String request) {
        raw.send(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
        return this;
    }

    WebClient sendGet(String target, String... headers) {
        return send("GET " + target + " HTTP/1.1\nHost: localhost\n" + lines(headers) + "\n");
    }

    WebClient sendPost(String target, String body, String... headers) {
        send("POST " + target + " HTTP/1.1\nHost: localhost\nContent-Length: " + body.getBytes(UTF_8).length + "\n"
                + lines(headers) + "\n");
        raw.send(body.getBytes(UTF_8));
        return this;
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\n", headers) + "\n";
    }

    Answer get(String target, String... headers) {
        return sendGet(target, headers).answer();
    }

    Answer post(String target, String body, String... headers) {
        return sendPost(target, body, headers).answer();
    }

    /** Asks for a WebSocket. */
    Answer upgrade(String target, String... headers) {
        sendGet(
                target,
                Stream.concat(
                                Stream.of(
                                        "Upgrade: websocket",
                                        "Connection: Upgrade",
                                        "Sec-WebSocket-Version: 13",
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                                Stream.of(headers))
                        .toArray(String[]::new));
        return answer();
    }

    /** A short frame, masked with zeros. */
    void sendFrame(int opcode, byte[] payload) {
        var frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        raw.send(frame);
    }

    /** The next message of a WebSocket, a short text. */
    String text() {
        return frame(WebSocketBytes.TEXT);
    }

    /** A short frame of that type. */
    String frame(int opcode) {
        assertThat(raw.read()).isEqualTo(0x80 | opcode);
        return new String(raw.read(raw.read()), UTF_8);
    }

    Answer answer() {
        return answer(true);
    }

    /** @param body whether one follows */
    Answer answer(boolean body) {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, more) -> one + ", " + more);
        }
        boolean none = !body || status < 200 || status == 204 || status == 304;
        return new Answer(status, headers, none ? new byte[0] : body(headers));
    }

    private byte[] body(Map<String, String> headers) {
        String length = headers.get("content-length");
        if (length != null) {
            return raw.read(Integer.parseInt(length));
        }
        if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return raw.awaitClose();
        }
        var whole = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            whole.writeBytes(chunk);
        }
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.put(
                    "trailer " + line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        return whole.toByteArray();
    }

    /** Empty for the last one. */
    byte[] chunk() {
        int length = Integer.parseInt(line(), 16);
        byte[] bytes = raw.read(length);
        if (length > 0) {
            raw.read(2);
        }
        return bytes;
    }

    String line() {
        var line = new StringBuilder();
        for (int next = raw.read(); next != '\n'; next = raw.read()) {
            if (next < 0) {
                throw new AssertionError("closed after '" + line + "'");
            }
            line.append((char) next);
        }
        return line.substring(0, line.length() - 1);
    }

    /** What comes until the server closes. */
    String rest() {
        return new String(raw.awaitClose(), ISO_8859_1);
    }

    @Override
    public void close() {
        raw.close();
    }
}
