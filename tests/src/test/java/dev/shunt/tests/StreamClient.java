package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of lines, over a Unix socket or encrypted. */
public final class StreamClient implements AutoCloseable {

    private final InputStream in;
    private final OutputStream out;
    private final AutoCloseable closing;

    private StreamClient(InputStream in, OutputStream out, AutoCloseable closing) {
        this.in = in;
        this.out = out;
        this.closing = closing;
    }

    public static StreamClient unix(Path file) {
        try {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
            return new StreamClient(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + file, e);
        }
    }

    /** The handshake is over when this returns. */
    public static SSLSocket handshake(int port, SSLContext context, String host) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(Program.PATIENCE.toMillis()));
        var parameters = new SSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    public static StreamClient of(SSLSocket socket) throws IOException {
        return new StreamClient(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    public StreamClient send(String text) {
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String ask(String line) {
        return send(line + "\n").read();
    }

    /** The next line, without its end. */
    public String read() {
        var line = new ByteArrayOutputStream();
        for (int next = next(); next != '\n'; next = next()) {
            if (next < 0) {
                throw new AssertionError("closed by the server after '" + line.toString(UTF_8) + "'");
            }
            line.write(next);
        }
        return line.toString(UTF_8);
    }

    /** Waits until the server closes; returns what came before. */
    public String awaitClose() {
        var rest = new ByteArrayOutputStream();
        for (int next = next(); next >= 0; next = next()) {
            rest.write(next);
        }
        return rest.toString(UTF_8);
    }

    private int next() {
        try {
            return in.read();
        } catch (SocketException e) {
            return -1; // reset
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            closing.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
