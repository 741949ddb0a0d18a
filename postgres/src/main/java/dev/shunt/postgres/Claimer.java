package dev.shunt.postgres;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.Listener;
import dev.shunt.time.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
 * a connection of its own, which commits without waiting for the disk: a lease that is lost so, fencing finds out, and a result
 * whose removal is lost may be told again.
 */
final class Claimer implements Runnable {

    private static final Logger LOG = Log.of(Claimer.class);
    private static final long POLL = TimeUnit.SECONDS.toNanos(1);
    /** So that a node that has asked for much has time to run some of it. */
    private static final long PAUSE_PER_RESULT = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MOST_PAUSE = TimeUnit.MILLISECONDS.toNanos(25);

    private static final String CLOSED = "the task queue is closed";

    /** What fits into a notification; more is in a row. */
    private static final int MOST_NOTIFIED = 5_000;

    static final String LEASED = "select id, fence from task where state = 'l' and node = ?";

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

    private final Results results = new Results();

    /** The latest of each task that is to be sent. */
    private final Map<Lease, byte[]> progress = new ConcurrentHashMap<>();

    private boolean kick;
    private boolean resultsWait = true;
    private boolean closed;
    private volatile boolean gone;

    /** What had been claimed is ready again. */
    private boolean back;

    /** Those whose removal is left to whoever takes this node's leave. */
    private volatile List<Long> toldAndThere = List.of();

    private long promoteAt;
    private long fetchAt;
    private long fetchedAt;
    private int found;

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
        this.fetchedAt = fetchAt;
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
        wake(true, false);
    }

    /** As well, where it had been claimed before. */
    void back() {
        lock.lock();
        try {
            back = true;
        } finally {
            lock.unlock();
        }
        ready();
    }

    /** There may be results. */
    void results() {
        wake(false, true);
    }

    private void wake(boolean forTasks, boolean forResults) {
        lock.lock();
        try {
            kick |= forTasks;
            resultsWait |= forResults;
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

    /** Whoever asked for that task has heard: its row goes, soon. */
    void told(long taskId, Consumer<Answer> done) {
        boolean first = results.told(taskId, done);
        if (gone) {
            var _ = results.fail(CLOSED);
        } else if (first) {
            fetchWithin(Results.MORE);
        }
    }

    private void fetchWithin(long nanos) {
        lock.lock();
        try {
            long at = clock.nanoTime() + nanos;
            if (at - fetchAt < 0) {
                fetchAt = at;
                kicked.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Their results, once they are this node's, are those of others. */
    void adopt(List<Long> ids) {
        results.adopt(ids);
    }

    /** They are not this node's after all. */
    void leave(List<Long> ids) {
        results.leave(ids);
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
                fetch = fetchIn(now) <= 0;
                promote = now - promoteAt >= 0;
                kick = false;
                if (back) {
                    back = false;
                    groups.forEach(Claims::lookBelow);
                }
                resultsWait &= !fetch;
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
        end();
        session.close();
    }

    /** What was told is removed, or another node of this name would tell it again. */
    private void end() {
        try {
            if (session.isOpen()) {
                var removed = results.remove(session.open());
                session.open().commit();
                removed.tell().run();
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("results that have been told are removed when this node takes its leave", e);
        }
        gone = true;
        toldAndThere = results.fail(CLOSED);
    }

    /** Results that have been told and were not removed, once its thread has ended. */
    int toldAndThere() {
        return toldAndThere.size();
    }

    /** Once its thread has ended. */
    void removeTold(Connection connection) throws SQLException {
        if (!toldAndThere.isEmpty()) {
            Results.remove(connection, toldAndThere);
            toldAndThere = List.of();
        }
    }

    private void failed(SQLException e) {
        if (Server.isConflict(e)) {
            session.rollback();
            wake(true, true);
            return;
        }
        session.drop();
        reached.accept(Server.reason(e));
        if (!Server.isLost(e)) {
            LOG.error("tasks cannot be handed out; tried again", e);
        }
        backoff.await();
        wake(true, true);
    }

    private void await() {
        lock.lock();
        try {
            long most = POLL;
            for (var group : groups) {
                most = Math.min(most, group.limitedWaitNanos());
            }
            long until = clock.nanoTime() + most;
            while (!kick && !closed) {
                long now = clock.nanoTime();
                long left = Math.min(Math.min(until, promoteAt) - now, fetchIn(now));
                if (left <= 0) {
                    return;
                }
                var _ = kicked.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** In how many nanoseconds to look for results: after many, not before many more can be there. */
    private long fetchIn(long now) {
        long notBefore = fetchedAt + Math.min(MOST_PAUSE, found * PAUSE_PER_RESULT) - now;
        return resultsWait ? notBefore : Math.max(fetchAt - now, notBefore);
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
        try (var statement = connection.prepareStatement(LEASED)) {
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
        var removed = results.remove(connection);
        long now = clock.nanoTime();
        var found = results.fetch(connection, self.number(), now, POLL);
        lock.lock();
        try {
            fetchAt = now + (results.hasTold(removed.count()) ? Results.MORE : found.lookInNanos());
            fetchedAt = now;
            this.found = found.ended().size();
        } finally {
            lock.unlock();
        }
        if (!found.ended().isEmpty()) { // before anything else can fail: they are not fetched again
            listener.ended(found.ended());
        }
        connection.commit();
        removed.tell().run();
        if (results.hasTold(0)) { // told since
            fetchWithin(Results.MORE);
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
