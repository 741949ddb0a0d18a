package dev.shunt.postgres;

import dev.shunt.bus.Bus;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** This node on the bus: one thread writes, one hears. While the database is away what it is given is dropped at once. */
final class BusNode implements Bus {

    private static final Logger LOG = Log.of(BusNode.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Server server;
    private final BusLetters letters = new BusLetters();
    private final AtomicLong dropped = new AtomicLong();
    private final Backoff ofEars = new Backoff();
    private final Backoff ofWriter = new Backoff();
    private final BusEars ears;
    private final int node;
    private final BusWriter writer;
    private final Thread hearing;
    private final Thread writing;
    private volatile boolean full;
    private volatile @Nullable String deaf;
    private volatile @Nullable String mute;

    private BusNode(Server server, String name, Listener listener, Clock clock) throws SQLException {
        this.server = server;
        ears = new BusEars(new Session(server, "bus", true), name, letters, listener, ofEars, clock, this::hears);
        try {
            node = ears.begin();
        } catch (SQLException | RuntimeException | Error e) {
            ears.leave();
            throw e;
        }
        writer =
                new BusWriter(letters, new Session(server, "bus writes", false), node, ofWriter, dropped, this::writes);
        hearing = thread("shunt-bus-reader", ears);
        writing = thread("shunt-bus-writer", writer);
    }

    static BusNode open(Server server, String name, Listener listener, Clock clock) throws SQLException {
        var opened = new BusNode(server, name, listener, clock);
        opened.hearing.start();
        opened.writing.start();
        LOG.info("node {} ({}) is on the bus in {}", opened.node, name, server);
        return opened;
    }

    private static Thread thread(String name, Runnable life) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(new FatalErrors())
                .unstarted(life);
    }

    private synchronized void hears(@Nullable String problem) {
        boolean was = isReached();
        if (problem == null) {
            writer.reconnect();
        }
        deaf = problem;
        tell(was, problem);
    }

    private synchronized void writes(@Nullable String problem) {
        boolean was = isReached();
        mute = problem;
        tell(was, problem);
    }

    private void tell(boolean was, @Nullable String problem) {
        if (was && problem != null) {
            LOG.warn(
                    "{} is not reached ({}): what is for other nodes is dropped until it is; connections of this node are"
                            + " sent what is for them",
                    server,
                    problem);
        } else if (!was && isReached()) {
            LOG.warn("{} is reached again; {} messages for other nodes were dropped so far", server, dropped);
        }
    }

    private boolean isReached() {
        return deaf == null && mute == null;
    }

    @Override
    public int node() {
        return node;
    }

    @Override
    public boolean send(int to, byte[] message) {
        return add(to, message);
    }

    @Override
    public boolean all(byte[] message) {
        return add(BusLetters.ALL, message);
    }

    private boolean add(int to, byte[] message) {
        boolean reached = isReached();
        boolean taken = letters.add(to, message, !reached);
        if (taken) {
            if (full && letters.isHalfEmpty()) {
                full = false;
            }
            return true;
        }
        dropped.incrementAndGet();
        if (reached && !full) {
            full = true;
            LOG.warn(
                    "a message of {} bytes for other nodes is dropped, as others until there is room: {} may wait for the"
                            + " database, with {} bytes",
                    message.length,
                    BusLetters.MOST,
                    BusLetters.MOST_BYTES);
        }
        return false;
    }

    @Override
    public Counts counts() {
        return new Counts(ears.nodes(), writer.sent(), ears.received(), ears.missed(), dropped.get(), isReached());
    }

    @Override
    public void close() {
        letters.close();
        ofWriter.close();
        try {
            try {
                writing.join(PATIENCE);
            } finally {
                ofEars.close();
            }
            hearing.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
