package dev.shunt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A server in the test, for programs that connect somewhere: it accepts when the test says so, and else does nothing. */
public final class RawServer implements AutoCloseable {

    private final ServerSocketChannel channel;

    public RawServer() {
        try {
            channel = ServerSocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return channel.socket().getLocalPort();
    }

    /** The next connection; waits for it for {@link Program#PATIENCE} at most and then fails. */
    public RawClient accept() {
        try (var selector = Selector.open()) {
            var key = channel.register(selector, SelectionKey.OP_ACCEPT);
            if (selector.select(Program.PATIENCE.toMillis()) == 0) {
                throw new AssertionError("nobody connected within " + Program.PATIENCE);
            }
            key.cancel();
            return new RawClient(channel.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #accept}, to speak in lines. */
    public LineClient acceptLines() {
        return new LineClient(accept());
    }

    /** Whether somebody has connected whom nobody accepted yet; closes that connection. */
    public boolean hasConnection() {
        try {
            @Nullable SocketChannel connection = channel.accept();
            if (connection != null) {
                connection.close();
            }
            return connection != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops listening; what was accepted stays. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
