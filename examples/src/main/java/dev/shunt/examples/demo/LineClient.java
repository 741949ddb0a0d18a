package dev.shunt.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.examples.Address;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;

/** A client of the server that is measured, on a plain blocking socket. Belongs to one thread. */
final class LineClient implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    LineClient(Address server) throws IOException {
        socket = new Socket(server.host(), server.port());
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Sent no later than at the next {@link #receive}. */
    void send(String line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
    }

    /** Waits for a line. */
    String receive() throws IOException {
        out.flush();
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
