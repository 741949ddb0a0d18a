package dev.shunt.postgres;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.shunt.task.TaskQueue.Counts;
import dev.shunt.task.TaskQueue.Listener;
import dev.shunt.task.TaskQueue.Load;
import dev.shunt.task.TaskQueue.NodeInfo;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Says each second that this node lives, hears what others notify it of, and sees to what nodes have left that do not live. On a
 * thread and a connection of its own, which is a direct one: what it listens to and its lock are the session's.
 */
final class Beats implements Runnable, SessionLoop.Work {

    private static final long BEAT = SECONDS.toNanos(1);

    /** More than this between two beats is a break. */
    private static final long BREAK = SECONDS.toNanos(3);

    static final String DONE_OF = "select id from task where asker = ? and state = 'd' order by pos limit 500";

    private final Session session;
    private final Identity self;
    private final Listener listener;
    private final Claimer claimer;
    private final Backoff backoff;
    private final Clock clock;
    private final Consumer<@Nullable String> reached;
    private final Runnable fenced;
    private volatile Counts counts = Counts.NONE;
    private volatile List<NodeInfo> nodes = List.of();
    private volatile Load load = Load.NONE;
    private long openedAt;
    private long unbrokenSince;
    private long lastBeat;
    private long nextCount;
    private long relabelUntil;
    private int before;

    /** @param fenced told when this node has another number */
    Beats(
            Session session,
            Identity self,
            Listener listener,
            Claimer claimer,
            Backoff backoff,
            Clock clock,
            Consumer<@Nullable String> reached,
            Runnable fenced) {
        this.session = session;
        this.self = self;
        this.listener = listener;
        this.claimer = claimer;
        this.backoff = backoff;
        this.clock = clock;
        this.reached = reached;
        this.fenced = fenced;
        this.unbrokenSince = clock.nanoTime();
    }

    Counts counts() {
        return counts;
    }

    List<NodeInfo> nodes() {
        return nodes;
    }

    void load(Load said) {
        load = said;
    }

    /** Before its thread runs: this node has a number, and lives. */
    void begin() throws SQLException {
        var connection = session.open();
        openedAt = clock.nanoTime();
        register(connection);
        attend(connection);
        nodes = new NodeTable(connection).all();
        count(connection);
    }

    private void register(Connection connection) throws SQLException {
        long now = clock.nanoTime();
        self.number(new NodeTable(connection).register(self));
        lastBeat = now;
        listener.alive(now, self.ttlNanos());
    }

    /** What the session has to have. */
    private void attend(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock_all(); select pg_try_advisory_lock(7, " + self.number()
                    + "); unlisten *; listen " + Signals.READY + "; listen " + Signals.channel(self.number()));
        }
        claimer.results();
    }

    @Override
    public void run() {
        new SessionLoop(session, backoff, reached, "this node cannot say that it lives").run(this);
        session.close();
    }

    @Override
    public void opened(Connection connection) throws SQLException {
        openedAt = clock.nanoTime();
        beat(connection);
        attend(connection);
    }

    @Override
    public void round(Connection connection) throws SQLException {
        reached.accept(null); // another thread may have found it away
        long left = lastBeat + BEAT - clock.nanoTime();
        if (left <= 0) {
            beat(connection);
            if (clock.nanoTime() - unbrokenSince > 0) {
                new Reaper(connection, self.number()).run(secondsSince(openedAt), secondsSince(unbrokenSince));
            }
            adopt(connection);
            takeOverSchedules(connection);
            nodes = new NodeTable(connection).all();
            count(connection);
            left = BEAT;
        }
        var notified =
                connection.unwrap(PGConnection.class).getNotifications((int) Math.max(1, NANOSECONDS.toMillis(left)));
        if (notified != null) {
            for (var notification : notified) {
                heard(connection, notification.getName(), notification.getParameter());
            }
        }
    }

    private double secondsSince(long nanos) {
        return (clock.nanoTime() - nanos) / 1e9;
    }

    private void beat(Connection connection) throws SQLException {
        long now = clock.nanoTime();
        if (now - lastBeat > BREAK) {
            unbrokenSince = now;
        }
        if (!new NodeTable(connection).beat(self.number(), load)) {
            wasTakenForGone(connection);
        } else {
            lastBeat = now;
            listener.alive(now, self.ttlNanos());
        }
        if (relabelUntil != 0) {
            relabel(connection);
        }
    }

    private void wasTakenForGone(Connection connection) throws SQLException {
        int old = self.number();
        register(connection);
        unbrokenSince = clock.nanoTime();
        before = old;
        relabelUntil = clock.nanoTime() + SECONDS.toNanos(10);
        listener.fenced("this node (" + old + ", now " + self.number() + ") was taken for gone by others");
        fenced.run();
        attend(connection);
    }

    /** What was asked under the old number is this node's all the same. */
    private void relabel(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("update task set asker = ? where asker = ?")) {
            statement.setInt(1, self.number());
            statement.setInt(2, before);
            if (statement.executeUpdate() > 0) {
                claimer.results();
            }
        }
        if (clock.nanoTime() - relabelUntil > 0) {
            relabelUntil = 0;
            before = 0;
        }
    }

    // What others have left

    /** Of a node of this name at once, of others after ten seconds, in which one of their name may come. */
    private void adopt(Connection connection) throws SQLException {
        adopt(connection, 0);
        var gone = new ArrayList<Integer>();
        try (var statement = connection.prepareStatement("""
                select node from gone where name = ? or at < clock_timestamp() - interval '10 s'""")) {
            statement.setString(1, self.name());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    gone.add(rows.getInt(1));
                }
            }
        }
        for (int node : gone) {
            if (node != before && !adopt(connection, node)) {
                forget(connection, node);
            }
        }
    }

    private boolean adopt(Connection connection, int node) throws SQLException {
        var ids = new ArrayList<Long>();
        try (var statement = connection.prepareStatement(DONE_OF)) {
            statement.setInt(1, node);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        if (ids.isEmpty()) {
            return false;
        }
        claimer.adopt(ids); // before they are this node's, and are fetched
        try (var statement = connection.prepareStatement(
                "update task set asker = ? where id = any(?) and asker = ? and state = 'd' returning id")) {
            statement.setInt(1, self.number());
            statement.setArray(2, Columns.longs(connection, ids));
            statement.setInt(3, node);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.remove(rows.getLong(1));
                }
            }
        }
        claimer.leave(ids);
        claimer.results();
        return true;
    }

    private static void forget(Connection connection, int node) throws SQLException {
        try (var statement = connection.prepareStatement(
                "delete from gone where node = ? and not exists (select 1 from task where asker = ?)")) {
            statement.setInt(1, node);
            statement.setInt(2, node);
            statement.executeUpdate();
        }
    }

    private void takeOverSchedules(Connection connection) throws SQLException {
        var left = new ArrayList<Occurrence>();
        try (var statement = connection.prepareStatement("""
                update schedule set node = ? where (name, due) in (
                  select name, due from schedule where not submitted and node not in (select id from node)
                  and due > clock_timestamp() - ? * interval '1 s' order by due limit 10 for update skip locked)
                returning name, due""")) {
            statement.setInt(1, self.number());
            statement.setLong(2, Occurrence.MISSED.toSeconds());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    left.add(new Occurrence(
                            rows.getString(1), rows.getTimestamp(2).getTime(), 0, true));
                }
            }
        }
        left.sort(Comparator.comparingLong(Occurrence::dueMillis));
        left.forEach(listener::due);
    }

    /** Not so often that it takes much of the time. */
    private void count(Connection connection) throws SQLException {
        long began = clock.nanoTime();
        if (began - nextCount < 0) {
            return;
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select (select count(*) from node), count(*) filter (where state in ('r','w','k','u','j')),
                          count(*) filter (where state = 'r'), count(*) filter (where state = 'l'),
                          (select count(*) from dead) from task""")) {
            rows.next();
            counts = new Counts(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getLong(5));
        }
        try (var statement = connection.createStatement()) {
            statement.execute("delete from schedule s where due < clock_timestamp() - interval '10 min'"
                    + " and exists (select 1 from schedule l where l.name = s.name and l.due > s.due);"
                    + " delete from bus where at < clock_timestamp() - interval '30 s'");
        }
        long took = clock.nanoTime() - began;
        nextCount = began + Math.max(BEAT * 9 / 10, 20 * took);
    }

    // What it hears

    private void heard(Connection connection, String channel, String payload) throws SQLException {
        if (channel.equals(Signals.READY)) {
            if (payload.equals(Signals.BACK)) {
                claimer.back();
            } else {
                claimer.ready();
            }
        } else if (payload.equals("d")) {
            claimer.results();
        } else if (payload.startsWith("c:")) {
            var parts = List.of(payload.split(":"));
            listener.cancel(Long.parseLong(parts.get(1)), Integer.parseInt(parts.get(2)));
        } else if (payload.startsWith("p:")) {
            progressed(payload.split(":", 3));
        } else if (payload.startsWith("b:")) {
            fromTable(connection, payload.split(":", 3));
        }
    }

    private void progressed(String[] parts) {
        listener.progressed(
                Long.parseLong(parts[1]), Bytes.data(Base64.getDecoder().decode(parts[2])));
    }

    /** What does not fit into a notification. */
    private void fromTable(Connection connection, String[] parts) throws SQLException {
        try (var statement = connection.prepareStatement("select body from bus where id = ?")) {
            statement.setLong(1, Long.parseLong(parts[2]));
            try (var rows = statement.executeQuery()) {
                if (rows.next()) {
                    listener.progressed(Long.parseLong(parts[1]), Bytes.data(rows.getBytes(1)));
                }
            }
        }
    }
}
