package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Codec;
import dev.shunt.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks a program by its control socket, as curl does: a connection for each request. */
record ControlSocket(Path file) {

    /** @param head in lines, the status first */
    record Answer(int status, String head, byte[] body) {

        <T> T as(Class<T> type) {
            return Codec.readableJson().decode(body, type);
        }

        @SuppressWarnings("unchecked")
        Map<String, Object> fields() {
            return as(LinkedHashMap.class);
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    Answer get(String path, String... headers) {
        return ask("GET", path, "", headers);
    }

    /** Asks again while it is held up. */
    Answer getPatiently(String path) {
        var answer = await().atMost(Program.PATIENCE).until(() -> get(path), got -> got.status() != 503);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    Answer post(String path, String body, String... headers) {
        return ask("POST", path, body, headers);
    }

    Answer ask(String method, String path, String body, String... headers) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            send(channel, method, path, body, headers);
            byte[] all = Channels.newInputStream(channel).readAllBytes();
            String text = new String(all, UTF_8);
            int end = text.indexOf("\r\n\r\n");
            String head = text.substring(0, end);
            byte[] rest = text.substring(end + 4).getBytes(UTF_8);
            return new Answer(Integer.parseInt(head.split(" ", 3)[1]), head, rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For an answer that does not end. */
    SocketChannel stream(String path) throws IOException {
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
        send(channel, "GET", path, "");
        return channel;
    }

    private static void send(SocketChannel channel, String method, String path, String body, String... headers)
            throws IOException {
        var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        boolean hasHost = false;
        for (String header : headers) {
            request.append(header).append("\r\n");
            hasHost |= header.startsWith("Host:");
        }
        if (!hasHost) {
            request.append("Host: x\r\n");
        }
        if (!method.equals("GET")) {
            request.append("Content-Length: ")
                    .append(body.getBytes(UTF_8).length)
                    .append("\r\n");
        }
        channel.write(ByteBuffer.wrap((request + "\r\n" + body).getBytes(UTF_8)));
    }
}
