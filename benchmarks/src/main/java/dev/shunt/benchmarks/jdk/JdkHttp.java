package dev.shunt.benchmarks.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shunt.benchmarks.program.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * A greeting for every request, and for an upload how long it was, on a virtual thread; with a number of children, the body
 * becomes a task, and its result the response. Arguments: {@code PORT [CHILDREN]}.
 */
public final class JdkHttp {

    private static final byte[] HELLO = "Hello, World!".getBytes(US_ASCII);

    private JdkHttp() {}

    private interface Answer {
        byte[] to(HttpExchange exchange) throws IOException;
    }

    public static void main(String... args) throws IOException {
        if (args.length == 1) {
            serve(args, JdkHttp::greeting);
            return;
        }
        var pool = new ChildPool(Listening.of(args).slots(), "answer");
        serve(args, exchange -> {
            var result = new CompletableFuture<byte[]>();
            pool.submit(exchange.getRequestBody().readAllBytes(), result::complete);
            return result.join();
        });
    }

    private static byte[] greeting(HttpExchange exchange) throws IOException {
        return exchange.getRequestMethod().equals("POST")
                ? ("got " + exchange.getRequestBody().readAllBytes().length + " bytes").getBytes(US_ASCII)
                : HELLO;
    }

    private static void serve(String[] args, Answer answer) throws IOException {
        // Else its two small writes wait for each other's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Listening.of(args).port()),
                1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = answer.to(exchange);
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        Listening.say(server.getAddress().getPort());
    }
}
