package dev.shunt.benchmarks.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.benchmarks.program.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A greeting for every request, on a virtual thread. */
public final class JdkHttp {

    private JdkHttp() {}

    public static void main(String... args) throws IOException {
        // Else its two small writes wait for each other's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        byte[] hello = "Hello, World!".getBytes(US_ASCII);
        var server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Listening.of(args).port()),
                1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, hello.length);
                exchange.getResponseBody().write(hello);
            }
        });
        server.start();
        Listening.say(server.getAddress().getPort());
    }
}
