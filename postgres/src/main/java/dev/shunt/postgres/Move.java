package dev.shunt.postgres;

import dev.shunt.log.Log;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Outcome;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue.SharedTask;
import java.io.IOException;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;

/**
 * Brings in what an old log keeps, page by page: first it is in the database, then it goes from the log. What was moved is
 * remembered until all is, so that a program that dies meanwhile moves nothing twice. Ids stay, unless the fleet may have
 * given them to others: then they are new ones.
 */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Move {

    private static final Logger LOG = Log.of(Move.class);
    private static final int PAGE = 500;
    private static final long PAGE_BYTES = 8L << 20;
    private static final int BITS = 24;
    private static final int BLOCK = 64;

    private final Connection connection;
    private final String source;

    Move(Connection connection, String node) throws IOException {
        this.connection = connection;
        this.source = InetAddress.getLocalHost().getHostName() + " " + node;
    }

    void from(TaskLog.Opener opener) throws IOException, SQLException {
        connection.setAutoCommit(false);
        try (var log = opener.open()) {
            long free = firstFree(log);
            int tasks = tasks(log, free);
            int letters = letters(log);
            try (var statement = connection.prepareStatement("delete from moved where source = ?")) {
                statement.setString(1, source);
                statement.executeUpdate();
            }
            connection.commit();
            if (tasks + letters > 0) {
                LOG.info("{} tasks and {} dead letters were moved from the task log into the queue", tasks, letters);
            }
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Ids from there on have been given to nobody here; others of this database do not get those of the log. */
    private long firstFree(TaskLog log) throws IOException, SQLException {
        long number = log.reserve(1);
        long mine = Numbers.reserve(connection, 1, BLOCK);
        boolean fresh = mine == 0;
        if (fresh) {
            try (var statement = connection.prepareStatement("select setval('number_seq', ?)")) {
                statement.setLong(1, (number / BLOCK + 1) * BLOCK);
                statement.executeQuery().close();
            }
        }
        connection.commit();
        return fresh ? 0 : mine << BITS;
    }

    private int tasks(TaskLog log, long free) throws IOException, SQLException {
        int count = 0;
        long last = log.lastPosition();
        for (long after = 0; after < last; ) {
            var page = log.tasks(after, last, PAGE, PAGE_BYTES);
            if (page.tasks().isEmpty()) {
                break;
            }
            count += tasks(page.tasks(), free);
            for (var task : page.tasks()) {
                forget(log, new TaskLog.Entry.Settled(task.id()));
            }
            after = page.last();
        }
        return count;
    }

    private int tasks(List<StoredTask> all, long free) throws SQLException {
        var isNew = notMoved(all.stream().map(StoredTask::id).toList());
        var offers = new ArrayList<SharedTask>();
        for (var task : all) {
            if (isNew.contains(task.id())) {
                offers.add(offer(task, free));
            }
        }
        var signals = new Signals();
        new Offers(connection, signals).offer(offers, 0);
        signals.send(connection);
        connection.commit();
        return offers.size();
    }

    private SharedTask offer(StoredTask task, long free) throws SQLException {
        boolean keeps = free == 0 || task.id() >= free;
        long id = keeps ? task.id() : Numbers.reserve(connection, 1, BLOCK) << BITS;
        var options = task.options().durability() == Durability.MEMORY
                ? task.options().durability(Durability.DISK)
                : task.options();
        var due = Instant.ofEpochMilli(task.dueAtMillis());
        boolean waits = task.dueAtMillis() > task.acceptedAtMillis();
        options = waits ? options.at(due) : options.delay(Duration.ZERO);
        return new SharedTask(id, task.type(), task.data(), options.slot(-1), task.source(), false, null);
    }

    private Set<Long> notMoved(List<Long> ids) throws SQLException {
        var isNew = new HashSet<Long>();
        try (var statement = connection.prepareStatement("""
                insert into moved(source, id) select ?, id from unnest(?::bigint[]) as e(id)
                on conflict do nothing returning id""")) {
            statement.setString(1, source);
            statement.setArray(2, Columns.longs(connection, ids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    isNew.add(rows.getLong(1));
                }
            }
        }
        return isNew;
    }

    private int letters(TaskLog log) throws IOException, SQLException {
        int count = 0;
        long after = -1;
        for (var letters = log.deadTasks(after, PAGE); !letters.isEmpty(); letters = log.deadTasks(after, PAGE)) {
            for (var letter : letters) {
                letter(letter);
            }
            connection.commit();
            for (var letter : letters) {
                forget(log, new TaskLog.Entry.Discarded(letter.id()));
                after = letter.id();
                count++;
            }
        }
        return count;
    }

    private void letter(DeadTask letter) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into dead(id, type, attempts, outcome, reason, died, source, accepted, options, data)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")) {
            var task = letter.task();
            statement.setLong(1, task.id());
            statement.setString(2, task.type());
            statement.setInt(3, task.attempts());
            statement.setInt(4, Outcome.valueOf(letter.outcome()).ordinal());
            statement.setString(5, letter.reason());
            statement.setTimestamp(6, new Timestamp(letter.diedAtMillis()));
            statement.setInt(7, task.source());
            statement.setTimestamp(8, new Timestamp(task.acceptedAtMillis()));
            statement.setBytes(9, Bytes.of(task.options()));
            statement.setBytes(10, Bytes.of(task.data()));
            statement.executeUpdate();
        }
    }

    private static void forget(TaskLog log, TaskLog.Entry entry) throws IOException {
        var done = new CompletableFuture<IOException>();
        log.append(entry, Durability.SYNC, done::complete);
        IOException problem = done.join();
        if (problem != null) {
            throw problem;
        }
    }
}
