package dev.shunt.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Somebody else's echo server. Says where it listens only if it was not told. */
final class OtherServer {

    private OtherServer() {}

    public static void main(String... args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        try (var server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            if (args.length == 0) {
                IO.println("listening on localhost:" + server.getLocalPort());
            }
            while (true) {
                var socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            System.err.println("gone: " + e);
        }
    }
}
