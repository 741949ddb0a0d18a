package dev.shunt.examples.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.examples.Address;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

/** One ping after the other, each waiting for its answer. Belongs to one thread at a time. */
interface Pings extends AutoCloseable {

    void ping() throws IOException;

    @Override
    void close() throws IOException;

    /** A line, and a line back. */
    static Pings ofLines(Address server) throws IOException {
        var client = new LineClient(server);
        return new Pings() {
            @Override
            public void ping() throws IOException {
                client.send("ping");
                client.receive();
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    /** A request of HTTP on a connection that is kept, as a web client's. */
    final class OverHttp implements Pings {

        private static final byte[] REQUEST =
                "GET /ping HTTP/1.1\r\nHost: demo\r\n\r\n".getBytes(US_ASCII);
        private static final String LENGTH = "content-length:";

        private final Socket socket;
        private final BufferedReader in;

        OverHttp(Address server) throws IOException {
            socket = new Socket(server.host(), server.port());
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        }

        @Override
        public void ping() throws IOException {
            socket.getOutputStream().write(REQUEST);
            int length = 0;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                    length = Integer.parseInt(line.substring(LENGTH.length()).strip());
                }
            }
            in.skip(length);
        }

        private String line() throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new EOFException("the server has closed the connection");
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
