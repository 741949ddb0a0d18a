package dev.shunt.netty;

import dev.shunt.net.Endpoint;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocalThread;

/** A bound address. Connections wait in the system's backlog until {@link #accept}. Safe for use by any thread. */
public final class ListeningSocket implements AutoCloseable {

    private final Endpoint endpoint;
    private final Channel channel;
    private final SocketSpec spec;

    ListeningSocket(Endpoint endpoint, Channel channel, SocketSpec spec) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.spec = spec;
    }

    /** The port listened on; where 0 was asked for, the one the system chose. */
    public int port() {
        return endpoint.port();
    }

    /** Where it listens, with the actual port. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Accepts from now on. */
    public void accept() {
        channel.config().setAutoRead(true);
    }

    /**
     * Gives the address back: new connections are refused, accepted ones live on; those of HTTP end with their next answer. Waits for it, unless on a loop's thread;
     * with NIO the system may need until the loop's next turn.
     */
    public void stopAccepting() {
        spec.requests().drain();
        var closing = channel.close();
        if (!(Thread.currentThread() instanceof FastThreadLocalThread)) {
            closing.awaitUninterruptibly();
        }
    }

    /** Gives the address back and closes what was accepted, in order but in no more than about a second; does not wait. */
    @Override
    public void close() {
        stopAccepting();
        spec.open().forEach(Socket::shutDown);
    }
}
