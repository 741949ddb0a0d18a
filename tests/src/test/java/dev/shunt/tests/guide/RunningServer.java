package dev.shunt.tests.guide;

import dev.shunt.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A server in this process, on a thread of its own, and a web client of it. */
@SuppressWarnings("FutureReturnValueIgnored") // what is waited for stands in another future
final class RunningServer implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Server server;
    private final CompletableFuture<Void> stopped;
    private final String host;
    private final HttpClient client = HttpClient.newHttpClient();

    RunningServer(Server server) throws Exception {
        this.server = server;
        var started = new CompletableFuture<String>();
        server.set(settings -> settings.inProcess(true).handleSignals(false));
        server.onStart(() -> started.complete(server.endpoint().hostAndPort()));
        stopped = CompletableFuture.runAsync(
                server::start, task -> Thread.ofPlatform().start(task));
        stopped.whenComplete((_, problem) -> {
            if (problem != null) {
                started.completeExceptionally(problem);
            }
        });
        host = started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    String get(String path) throws Exception {
        return answer(
                HttpRequest.newBuilder(URI.create("http://" + host + path)).build());
    }

    String post(String path, String json) throws Exception {
        return answer(HttpRequest.newBuilder(URI.create("http://" + host + path))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private String answer(HttpRequest request) throws Exception {
        var answer = client.send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    /** What a WebSocket is first sent after it has sent this. */
    String webSocketAnswer(String path, String text) throws Exception {
        var first = new CompletableFuture<String>();
        var listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence message, boolean last) {
                first.complete(message.toString());
                return WebSocket.Listener.super.onText(socket, message, last);
            }
        };
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + host + path), listener)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        socket.sendText(text, true);
        try {
            return first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
        stopped.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
