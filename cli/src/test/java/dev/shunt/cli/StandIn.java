package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for a program: its run directory, and a socket that answers as a test says. */
final class StandIn implements AutoCloseable {

    private final ServerSocketChannel server;
    private final Thread serving;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    StandIn(Path directory, String name, long pid) {
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("manager.json"),
                    "{\"program\": \"" + name + "\", \"pid\": " + pid
                            + ", \"started\": \"2026-11-28T15:57:30.123Z\", \"state\": \"running\", \"listeners\": []}");
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(directory.resolve("control")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serving = Thread.ofPlatform().daemon().start(this::serve);
    }

    /** @param request such as {@code GET /api/v1/status} */
    StandIn answers(String request, String document) {
        answers.put(request, document);
        return this;
    }

    /** Each request line without the protocol, a space and its body. */
    List<String> asked() {
        return asked;
    }

    private void serve() {
        try {
            while (true) {
                try (var client = server.accept()) {
                    answer(client);
                }
            }
        } catch (ClosedChannelException e) {
            // over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(SocketChannel client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8));
        String first = in.readLine();
        if (first == null) {
            return; // only looked whether there is somebody
        }
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
        }
        var body = new char[length];
        for (int at = 0; at < length; ) {
            at += in.read(body, at, length - at);
        }
        String request = first.substring(0, first.lastIndexOf(' '));
        asked.add((request + " " + new String(body)).strip());
        String answer = answers.get(request);
        String status = answer == null
                ? "404 Not Found"
                : answer.startsWith("{\"error\"") ? "400 Bad" : answer.contains("\"ok\": false") ? "503 No" : "200 OK";
        String document = answer == null ? "{\"error\": \"there is no " + request + "\"}" : answer;
        var bytes = ByteBuffer.wrap(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + document.getBytes(UTF_8).length + "\r\n\r\n" + document)
                .getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** Waits for whoever accepts: until then the kernel takes connections. */
    @Override
    public void close() {
        try {
            server.close();
            serving.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
