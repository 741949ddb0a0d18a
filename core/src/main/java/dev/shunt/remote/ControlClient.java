package dev.shunt.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.remote.ControlException.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a program over its control socket: HTTP/1.1, a connection for each question. Waits for the answer, which is bounded
 * in size and time. For any thread.
 */
public final class ControlClient {

    /** Longer than the program waits for its own main loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path socket;
    private final String actor;
    private final Duration patience;

    private ControlClient(Path socket, String actor, Duration patience) {
        this.socket = socket;
        this.actor = actor;
        this.patience = patience;
    }

    /** @param actor who asks, for the audit log */
    public static ControlClient at(Path socket, String actor) {
        return new ControlClient(socket, actor, PATIENCE);
    }

    /** The user of this process, for the audit log. */
    public static String user() {
        return "cli:" + System.getProperty("user.name", "unknown").replaceAll("[^\\x21-\\x7e]", "?");
    }

    /** The same, with another time after which an answer is not waited for any longer. */
    public ControlClient waiting(Duration atMost) {
        return new ControlClient(socket, actor, atMost);
    }

    /** What the program answered. */
    public record Answer(int status, byte[] body) {

        public boolean isOk() {
            return status < 400;
        }

        /** @throws ControlException if this is no JSON */
        public Json json() throws ControlException {
            try {
                return new Json(body);
            } catch (IllegalArgumentException e) {
                throw new ControlException(Kind.FAILED, "the program's answer cannot be read: " + e.getMessage());
            }
        }

        /** @throws ControlException with the program's own words, if it did not do it */
        public Answer orFail() throws ControlException {
            if (!isOk()) {
                String error = json().text("error");
                throw new ControlException(
                        status == 400 ? Kind.WRONG_USE : Kind.FAILED,
                        error.isEmpty() ? "the program answered with status " + status : error);
            }
            return this;
        }
    }

    /** @param path behind {@code /api/v1}, with its query */
    public Answer get(String path) throws ControlException {
        return ask("GET", path, null);
    }

    /** @param body a JSON object */
    public Answer post(String path, Map<String, ?> body) throws ControlException {
        return ask("POST", path, Data.of(body).bytes());
    }

    private Answer ask(String method, String path, byte @Nullable [] body) throws ControlException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new ControlException(Kind.FAILED, socket + " cannot be reached: " + e.getMessage());
        }
        try (channel) {
            var answer = CompletableFuture.supplyAsync(
                    () -> exchange(channel, request(method, path, body)),
                    work -> Thread.ofPlatform().daemon().name("control").start(work));
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ControlException(
                    Kind.TIMED_OUT,
                    "the program did not answer " + method + " " + path + " within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new ControlException(
                    Kind.FAILED, "the program did not answer " + method + " " + path + ": " + cause(e).getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException(Kind.FAILED, "interrupted");
        } catch (IOException e) {
            throw new ControlException(Kind.FAILED, e.toString());
        }
    }

    private static Throwable cause(Throwable e) {
        return e.getCause() == null ? e : cause(e.getCause());
    }

    private static Answer exchange(SocketChannel channel, byte[] request) {
        try {
            for (var rest = ByteBuffer.wrap(request); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            var answer = HttpAnswer.read(new BufferedInputStream(Channels.newInputStream(channel)));
            return new Answer(answer.status(), answer.body());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private byte[] request(String method, String path, byte @Nullable [] body) {
        var head = new StringBuilder()
                .append(method)
                .append(" /api/v1")
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Shunt-Actor: ")
                .append(actor)
                .append("\r\n");
        var request = new ByteArrayOutputStream();
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        request.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
        if (body != null) {
            request.writeBytes(body);
        }
        return request.toByteArray();
    }
}
