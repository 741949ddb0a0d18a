package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Ended;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.Listener;
import dev.shunt.time.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Brings to this node what it may run, and results of what was submitted here; promotes what has come to its time. On a thread and
 * a connection of its own, which commits without waiting for the disk: what that loses, fencing finds out.
 */
final class Claimer implements Runnable {

    private static final Logger LOG = Log.of(Claimer.class);
    private static final long POLL = TimeUnit.SECONDS.toNanos(1);
    private static final int RESULTS = 500;

    /** How soon results are looked for again of tasks that are older than those of the last moment. */
    private static final long OLDER = TimeUnit.MILLISECONDS.toNanos(100);

    /** How soon when there are more results than are fetched at once, unless so many are told and not yet written as told. */
    private static final long MORE = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MOST_TOLD = 20 * RESULTS;

    /** What fits into a notification; more is in a row. */
    private static final int MOST_NOTIFIED = 5_000;

    private static final Outcome[] OUTCOMES = Outcome.values();

    /** What others do about leases that are not handed over. */
    interface Leases {
        /** It is this node's from now on. */
        void handedOut(Lease lease);

        boolean has(long taskId);

        void cancelled(Lease lease);

        void unreadable(Claims.Unreadable lease);
    }

    private final Session session;
    private final Identity self;
    private final Listener listener;
    private final Leases leases;
    private final Backoff backoff;
    private final Clock clock;
    private final Consumer<@Nullable String> reached;
    private final List<Claims> groups;
    private final long[] handed;
    private final AtomicLongArray wanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition kicked = lock.newCondition();

    /** Results that are told, and whose rows are there until that is written. */
    private final Set<Long> told = ConcurrentHashMap.newKeySet();

    /** Results of others, whose nodes are gone. */
    private final Set<Long> adopted = ConcurrentHashMap.newKeySet();

    /** The latest of each task that is to be sent. */
    private final Map<Lease, byte[]> progress = new ConcurrentHashMap<>();

    private final Watermarks endedFrom = new Watermarks();

    private boolean kick;
    private boolean results = true;
    private boolean closed;
    private long promoteAt;
    private long fetchAt;

    Claimer(
            Session session,
            Identity self,
            Listener listener,
            Leases leases,
            Backoff backoff,
            Clock clock,
            Consumer<@Nullable String> reached) {
        this.session = session;
        this.self = self;
        this.listener = listener;
        this.leases = leases;
        this.backoff = backoff;
        this.clock = clock;
        this.reached = reached;
        this.groups = self.groups().stream()
                .map(kinds -> new Claims(kinds, clock::nanoTime))
                .toList();
        this.handed = new long[groups.size()];
        this.wanted = new AtomicLongArray(groups.size());
        this.promoteAt = clock.nanoTime();
        this.fetchAt = clock.nanoTime();
    }

    // From any thread

    void want(int group, long total) {
        long before = wanted.getAndSet(group, total);
        if (total > before) {
            ready();
        }
    }

    /** There may be something to run. */
    void ready() {
        wake(false);
    }

    /** There may be results. */
    void results() {
        wake(true);
    }

    private void wake(boolean forResults) {
        lock.lock();
        try {
            kick = true;
            results |= forResults;
            kicked.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Something comes due so soon. */
    void dueIn(long nanos) {
        lock.lock();
        try {
            long at = clock.nanoTime() + nanos;
            if (at - promoteAt < 0) {
                promoteAt = at;
                kicked.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void forget(long taskId) {
        told.remove(taskId);
        adopted.remove(taskId);
    }

    /** Their results, once they are this node's, are those of others. */
    void adopt(List<Long> ids) {
        adopted.addAll(ids);
    }

    /** They are not this node's after all. */
    void leave(List<Long> ids) {
        ids.forEach(adopted::remove);
    }

    /** Best effort: what comes before it was sent is replaced. */
    void progress(Lease lease, byte[] data) {
        progress.put(lease, data);
        ready();
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            kicked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // On its thread

    @Override
    public void run() {
        while (true) {
            boolean fetch;
            boolean promote;
            lock.lock();
            try {
                if (closed) {
                    break;
                }
                long now = clock.nanoTime();
                fetch = results || now - fetchAt >= 0;
                promote = now - promoteAt >= 0;
                kick = false;
                results = false;
            } finally {
                lock.unlock();
            }
            boolean more = false;
            try {
                more = step(fetch, promote);
                backoff.worked();
            } catch (SQLException e) {
                failed(e);
            } catch (RuntimeException | Error e) {
                FatalErrors.letOn(e);
                LOG.error("tasks cannot be handed out; tried again", e);
                session.drop();
                backoff.await();
            }
            if (!more) {
                await();
            }
        }
        session.close();
    }

    private void failed(SQLException e) {
        if (Server.isConflict(e)) {
            session.rollback();
            wake(true);
            return;
        }
        session.drop();
        reached.accept(Server.reason(e));
        if (!Server.isLost(e)) {
            LOG.error("tasks cannot be handed out; tried again", e);
        }
        backoff.await();
        wake(true);
    }

    private void await() {
        lock.lock();
        try {
            long now = clock.nanoTime();
            long left = Math.min(POLL, Math.min(promoteAt - now, fetchAt - now));
            for (var group : groups) {
                left = Math.min(left, group.limitedWaitNanos());
            }
            while (!kick && !results && !closed && left > 0) {
                left = Math.min(kicked.awaitNanos(left), promoteAt - clock.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there may be more at once. */
    private boolean step(boolean fetch, boolean promote) throws SQLException {
        boolean fresh = !session.isOpen();
        var connection = session.open();
        if (fresh) {
            opened(connection);
        }
        boolean more = false;
        if (promote) {
            promote(connection);
        }
        if (!progress.isEmpty()) {
            sendProgress(connection);
        }
        if (fetch) {
            fetch(connection);
        }
        for (int group = 0; group < groups.size(); group++) {
            more |= claim(connection, group);
        }
        return more;
    }

    private void opened(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set synchronous_commit to off; set enable_seqscan to off");
            connection.commit();
        }
        giveBackUnknown(connection);
    }

    /** What was handed out in a transaction of whose end this node has not heard. */
    private void giveBackUnknown(Connection connection) throws SQLException {
        var unknown = new ArrayList<Lease>();
        try (var statement = connection.prepareStatement("select id, fence from task where state = 'l' and node = ?")) {
            statement.setInt(1, self.number());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (!leases.has(rows.getLong(1))) {
                        unknown.add(new Lease(rows.getLong(1), self.number(), rows.getInt(2), 0, false));
                    }
                }
            }
        }
        var signals = new Signals();
        new Ends(connection, signals).giveBack(unknown);
        signals.send(connection);
        connection.commit();
    }

    private boolean claim(Connection connection, int group) throws SQLException {
        long credit = wanted.get(group) - handed[group];
        if (credit <= 0) {
            return false;
        }
        int me = self.number();
        var claimed = groups.get(group).claim(connection, me, (int) Math.min(credit, Claims.MOST));
        if (claimed.isEmpty() || me != self.number()) { // taken for gone meanwhile: it is the others'
            return false;
        }
        claimed.claims().stream().map(Claim::lease).forEach(leases::handedOut);
        claimed.cancelled().forEach(leases::cancelled);
        claimed.unreadable().forEach(leases::unreadable);
        if (!claimed.claims().isEmpty()) {
            handed[group] += claimed.claims().size();
            listener.claimed(group, claimed.claims());
        }
        return wanted.get(group) > handed[group];
    }

    private void fetch(Connection connection) throws SQLException {
        var ended = new ArrayList<Ended>();
        long now = clock.nanoTime();
        long low = endedFrom.low(now);
        long smallest = Long.MAX_VALUE;
        var before =
                Set.copyOf(told); // a row that the query sees may be gone, and forgotten here, when it is looked at
        try (var statement = connection.prepareStatement("""
                select id, type, outcome, result, options, source, pos from task
                where asker = ? and state = 'd' and pos >= ? order by pos limit ?""")) {
            statement.setInt(1, self.number());
            statement.setLong(2, low);
            statement.setInt(3, RESULTS + before.size());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    long id = rows.getLong(1);
                    smallest = Math.min(smallest, rows.getLong(7));
                    if (!before.contains(id)) {
                        ended.add(new Ended(
                                id,
                                rows.getString(2),
                                OUTCOMES[rows.getInt(3)],
                                Bytes.data(rows.getBytes(4)),
                                context(rows.getBytes(5)),
                                rows.getInt(6),
                                adopted.contains(id)));
                    }
                }
            }
        }
        int found = ended.size();
        boolean goesOn = found >= RESULTS && told.size() < MOST_TOLD;
        fetchAt = now + (goesOn ? MORE : low == 0 ? POLL : OLDER);
        if (smallest != Long.MAX_VALUE) {
            endedFrom.claimed(now, smallest, found < RESULTS);
        } else {
            endedFrom.nothing();
        }
        ended.forEach(end -> told.add(end.taskId()));
        if (!ended.isEmpty()) { // before anything else can fail: they are not fetched again
            listener.ended(ended);
        }
        connection.commit();
    }

    private static Data context(byte[] options) {
        try {
            return Bytes.options(options).context();
        } catch (RuntimeException e) { // of a newer program
            LOG.warn("what comes back with a result cannot be read: {}", e.getMessage());
            return Data.empty();
        }
    }

    private void sendProgress(Connection connection) throws SQLException {
        var signals = new Signals();
        for (var lease : List.copyOf(progress.keySet())) {
            byte[] data = progress.remove(lease);
            if (data != null && data.length <= MOST_NOTIFIED) {
                var text = Base64.getEncoder().encodeToString(data);
                signals.add(Signals.channel(lease.asker()), "p:" + lease.taskId() + ":" + text);
            } else if (data != null) {
                signals.add(Signals.channel(lease.asker()), "b:" + lease.taskId() + ":" + row(connection, data));
            }
        }
        signals.send(connection);
        connection.commit();
    }

    private static long row(Connection connection, byte[] body) throws SQLException {
        try (var statement = connection.prepareStatement("insert into bus(body) values (?) returning id")) {
            statement.setBytes(1, body);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private void promote(Connection connection) throws SQLException {
        var signals = new Signals();
        long next = new Times(connection, signals).promote();
        signals.send(connection);
        connection.commit();
        lock.lock();
        try {
            promoteAt = clock.nanoTime() + next;
        } finally {
            lock.unlock();
        }
    }
}
