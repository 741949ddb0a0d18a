package dev.shunt.benchmarks.jdk;

import dev.shunt.benchmarks.program.Listening;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Lines over TCP, with a virtual thread for each connection. */
final class LineServer {

    private static final int BACKLOG = 1024;

    /** What becomes of the lines of one connection. */
    interface Lines {

        void received(byte[] line, Reply reply) throws Exception;
    }

    /** Sends a line; from any thread. */
    interface Reply {

        void send(byte[] line) throws IOException;
    }

    private LineServer() {}

    static void serve(int port, Lines lines) throws IOException {
        try (var server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())) {
            Listening.say(server.getLocalPort());
            while (true) {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> talk(socket, lines));
            }
        }
    }

    private static void talk(Socket socket, Lines lines) {
        try (socket;
                var in = new BufferedInputStream(socket.getInputStream())) {
            var out = socket.getOutputStream();
            Reply reply = line -> {
                synchronized (out) {
                    out.write(line);
                }
            };
            for (byte[] line = line(in); line.length > 0; line = line(in)) {
                lines.received(line, reply);
            }
        } catch (Exception e) {
            if (!(e instanceof IOException)) {
                e.printStackTrace();
            }
        }
    }

    /** With its line feed; empty at the end. */
    private static byte[] line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n') {
                return line.toByteArray();
            }
        }
        return new byte[0];
    }
}
