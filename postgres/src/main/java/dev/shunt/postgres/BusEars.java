package dev.shunt.postgres;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.shunt.bus.Bus;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;

/**
 * Hears what other nodes say, counts what it misses, and says each two seconds that this node lives. On a thread and a
 * connection of its own, which is a direct one: what it listens to is the session's.
 */
final class BusEars implements Runnable, SessionLoop.Work {

    private static final Logger LOG = Log.of(BusEars.class);
    private static final long BEAT = SECONDS.toNanos(2);

    private final Session session;
    private final String name;
    private final BusLetters letters;
    private final Bus.Listener listener;
    private final Backoff backoff;
    private final Clock clock;
    private final Consumer<@Nullable String> reached;
    private final Map<Integer, Long> untold = new TreeMap<>();
    private int node;
    private BusGaps gaps = new BusGaps(0);
    private long nextBeat;
    private volatile int nodes = 1;
    private final AtomicLong received = new AtomicLong();
    private volatile long missed;

    BusEars(
            Session session,
            String name,
            BusLetters letters,
            Bus.Listener listener,
            Backoff backoff,
            Clock clock,
            Consumer<@Nullable String> reached) {
        this.session = session;
        this.name = name;
        this.letters = letters;
        this.listener = listener;
        this.backoff = backoff;
        this.clock = clock;
        this.reached = reached;
    }

    /** Before its thread runs: this node has a number, and hears what is said from now on. */
    int begin() throws SQLException {
        var table = new BusTable(session.open());
        node = table.register(name);
        gaps = new BusGaps(node);
        table.listen(node);
        beat(table);
        return node;
    }

    int nodes() {
        return nodes;
    }

    long received() {
        return received.get();
    }

    long missed() {
        return missed;
    }

    @Override
    public void run() {
        new SessionLoop(session, backoff, reached, "this node hears nothing of others").run(this);
        leave();
    }

    @Override
    public void opened(Connection connection) throws SQLException {
        new BusTable(connection).listen(node);
    }

    /** Also when it has not begun. */
    void leave() {
        try {
            if (session.isOpen()) {
                new BusTable(session.open()).leave(node);
            }
        } catch (SQLException e) {
            LOG.debug("its row goes by itself", e);
        } finally {
            session.close();
        }
    }

    @Override
    public void round(Connection connection) throws SQLException {
        if (clock.nanoTime() - nextBeat >= 0) {
            beat(new BusTable(connection));
        }
        long left = nextBeat - clock.nanoTime();
        var notified = connection
                .unwrap(PGConnection.class)
                .getNotifications(Math.clamp(NANOSECONDS.toMillis(left), 1, 200)); // looks whether it is closed
        if (notified != null) {
            for (var notification : notified) {
                heard(connection, notification.getName(), notification.getParameter());
            }
        }
    }

    private void beat(BusTable table) throws SQLException {
        nextBeat = clock.nanoTime() + BEAT;
        table.beat(node, name, letters.settled());
        table.clear();
        int living = 0;
        for (var row : table.all()) {
            living += row.lives() ? 1 : 0;
            if (row.node() != node) {
                missed(gaps.said(row.node(), row.said()), row.node());
            }
        }
        nodes = Math.max(1, living);
        tellMissed();
    }

    private void missed(long more, int from) {
        missed = gaps.missed();
        if (more > 0) {
            untold.merge(from, more, Long::sum);
        }
    }

    /** Not for each: there may be many. */
    private void tellMissed() {
        if (!untold.isEmpty()) {
            LOG.warn("messages of other nodes have not come, by node: {}; {} since the start", untold, missed);
            untold.clear();
        }
    }

    private void heard(Connection connection, String channel, String payload) throws SQLException {
        var note = BusNotes.read(payload).orElse(null);
        if (note == null || note.from() == node) {
            return;
        }
        byte[] body = body(connection, note.content()); // first: one that is lost with the connection is a gap
        missed(gaps.heard(note.from(), channel.equals(BusNotes.ALL), note.number()), note.from());
        if (body == null) {
            gaps.lost();
            missed(1, note.from());
            return;
        }
        received.incrementAndGet();
        listener.received(note.from(), body);
    }

    private static byte @Nullable [] body(Connection connection, String content) throws SQLException {
        try {
            return content.startsWith(BusNotes.ROW)
                    ? new BusTable(connection).body(Long.parseLong(content.substring(1)))
                    : Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) { // of somebody else
            LOG.debug("no message: {}", content, e);
            return null;
        }
    }
}
