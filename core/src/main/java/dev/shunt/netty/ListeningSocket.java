package dev.shunt.netty;

import dev.shunt.log.Log;
import dev.shunt.net.Endpoint;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A bound address. Connections wait in the system's backlog until {@link #accept}. Safe for use by any thread. */
public final class ListeningSocket implements AutoCloseable {

    private static final Logger LOG = Log.of(ListeningSocket.class);

    private final Endpoint endpoint;
    private final Channel channel;
    private final SocketSpec spec;
    private final @Nullable ServerTls tls;
    private final @Nullable UnixSocketFile file;

    ListeningSocket(
            Endpoint endpoint,
            Channel channel,
            SocketSpec spec,
            @Nullable ServerTls tls,
            @Nullable UnixSocketFile file) {
        this.tls = tls;
        this.file = file;
        this.endpoint = endpoint;
        this.channel = channel;
        this.spec = spec;
    }

    /** The port listened on; where 0 was asked for, the one the system chose. Throws for a Unix socket. */
    public int port() {
        return endpoint.port();
    }

    /**
     * Reads certificates and keys again, for connections that are accepted from now on. Not on a loop's thread.
     *
     * @throws IOException if one cannot be used; names its file and what to do, and those read before stay in use
     */
    public void readFilesAgain() throws IOException {
        if (tls != null) {
            tls.readAgain();
        }
    }

    /** Where it listens, with the actual port. */
    public Endpoint endpoint() {
        return endpoint;
    }

    Channel channel() {
        return channel;
    }

    /** Accepted, and not closed. */
    public Set<Socket> open() {
        return spec.open();
    }

    /** Accepts from now on. */
    public void accept() {
        channel.config().setAutoRead(true);
    }

    /**
     * Gives the address back: new connections are refused, accepted ones live on; those of HTTP end with their next answer,
     * or now if they wait for a request. Waits for the address, unless on a loop's thread; with NIO the system may need until the loop's next turn.
     */
    public void stopAccepting() {
        spec.requests().drain();
        spec.open().forEach(Socket::drain);
        var closing = channel.close();
        if (!(Thread.currentThread() instanceof FastThreadLocalThread)) {
            closing.awaitUninterruptibly();
        }
        removeFile();
    }

    private void removeFile() {
        if (file == null) {
            return;
        }
        try {
            file.remove();
        } catch (IOException e) {
            LOG.warn("the file of {} cannot be removed: {}", endpoint, e.toString());
        }
    }

    /** Gives the address back and closes what was accepted, in order but in no more than about a second; does not wait. */
    @Override
    public void close() {
        stopAccepting();
        spec.open().forEach(Socket::shutDown);
    }
}
