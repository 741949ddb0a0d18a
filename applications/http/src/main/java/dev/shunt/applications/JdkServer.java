package dev.shunt.applications;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shunt.applications.Pictures.Picture;
import dev.shunt.pool.TaskPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executors;

/** The JDK's own web server: {@code GET /pictures/NAME?SECONDS}. */
public final class JdkServer {

    private JdkServer() {}

    public static void main(String... args) throws IOException {
        var pool = Pictures.pool().start(); // a child stays here
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/pictures/", exchange -> picture(exchange, pool));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(20); // seconds, for requests that are being answered
            pool.close();
        }));
        IO.println("listening on 127.0.0.1:" + server.getAddress().getPort());
    }

    /** On a virtual thread, which may wait. */
    private static void picture(HttpExchange exchange, TaskPool pool) {
        try (exchange) {
            var uri = exchange.getRequestURI();
            var name = uri.getPath().substring("/pictures/".length());
            var seconds = Integer.parseInt(Objects.requireNonNullElse(uri.getQuery(), "0"));
            var result = pool.await(new Picture(name, seconds));
            var answer = Pictures.text(result).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Pictures.status(result), answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
