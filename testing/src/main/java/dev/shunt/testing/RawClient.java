package dev.shunt.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Bytes to and from a server on this machine. Reads wait for {@link Program#PATIENCE} at most and then fail. */
public final class RawClient implements AutoCloseable {

    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream input;

    public RawClient(int port) {
        this(connected(port));
    }

    /** The other end of what a server accepted, which is no different. */
    RawClient(SocketChannel channel) {
        this.channel = channel;
        try {
            socket = channel.socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(Program.PATIENCE.toMillis()));
            input = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SocketChannel connected(int port) {
        try {
            return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to port " + port, e);
        }
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a chunk again and again until the server has taken nothing for a while, or has taken {@code limit} bytes.
     *
     * @return how many bytes it took; less than the limit if it stopped reading, the last chunk perhaps in part
     */
    public long sendUntilStalled(byte[] chunk, long limit, Duration stall) {
        try (var selector = Selector.open()) {
            channel.configureBlocking(false);
            var key = channel.register(selector, SelectionKey.OP_WRITE);
            var waiting = ByteBuffer.wrap(chunk);
            long sent = 0;
            while (sent < limit && selector.select(stall.toMillis()) > 0) {
                selector.selectedKeys().clear();
                sent += channel.write(waiting.hasRemaining() ? waiting : waiting.rewind());
            }
            key.cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            return sent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exactly so many bytes. */
    public byte[] read(int count) {
        try {
            byte[] bytes = input.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no " + count + " bytes within " + Program.PATIENCE, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next byte, or -1 if the server has closed. */
    public int read() {
        try {
            return input.read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came within " + Program.PATIENCE, e);
        } catch (SocketException e) {
            return -1; // reset
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server closes; returns what came before. */
    public byte[] awaitClose() {
        var rest = new ByteArrayOutputStream();
        for (int next = read(); next >= 0; next = read()) {
            rest.write(next);
        }
        return rest.toByteArray();
    }

    /** Says that nothing more will be sent; the other direction stays open. */
    public void closeOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the server sees it: {@code HOST:PORT}. */
    public String localAddress() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** Closes with a reset, as a client that crashed. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
