package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client of another maker than the server: the JDK's. Messages are read whole, in order; reads wait for
 * {@link Program#PATIENCE} at most and then fail.
 */
public final class WebSocketClient implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Listener listener = new Listener();
    private final WebSocket socket;

    public WebSocketClient(int port) {
        this(port, "/");
    }

    public WebSocketClient(int port, String path) {
        var address = URI.create("ws://127.0.0.1:" + port + path);
        socket = within(HTTP.newWebSocketBuilder().buildAsync(address, listener));
    }

    public WebSocketClient send(String text) {
        within(socket.sendText(text, true));
        return this;
    }

    /** One message, in as many frames. */
    public WebSocketClient sendFragments(String... parts) {
        for (int i = 0; i < parts.length; i++) {
            within(socket.sendText(parts[i], i == parts.length - 1));
        }
        return this;
    }

    public WebSocketClient send(byte[] bytes) {
        within(socket.sendBinary(ByteBuffer.wrap(bytes), true));
        return this;
    }

    public WebSocketClient ping(byte[] bytes) {
        within(socket.sendPing(ByteBuffer.wrap(bytes)));
        return this;
    }

    /** Starts the closing handshake. */
    public void sendClose(int code, String reason) {
        within(socket.sendClose(code, reason));
    }

    /** The next message: text as it is, binary as ISO-8859-1, a pong as {@code pong} and its bytes. */
    public String read() {
        try {
            String message = listener.messages.poll(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no message within " + Program.PATIENCE
                        + (listener.closed.isDone() ? "; closed: " + listener.closed : ""));
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public String ask(String text) {
        return send(text).read();
    }

    /** Waits until the connection has ended; the close code, 1006 if it ended without a closing handshake. */
    public int closeCode() {
        return within(listener.closed);
    }

    /** What came with {@link #closeCode}; waits for it. */
    public String closeReason() {
        var _ = closeCode();
        return listener.reason;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static <T> T within(CompletableFuture<T> future) {
        return future.orTimeout(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static final class Listener implements WebSocket.Listener {

        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        volatile String reason = "";
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            return add(from, data, last);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            return add(from, latin1(data), last);
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
            messages.add("pong " + latin1(data));
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            this.reason = reason;
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(1006);
        }

        private @Nullable CompletionStage<?> add(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }

        private static String latin1(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            return new String(bytes, ISO_8859_1);
        }
    }
}
