package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which node submits the task of a schedule: the first that says it is due, by the database's clock. Intervals begin at whole
 * multiples of theirs since 1970. Those of the last ten minutes are remembered, and the last one of each schedule for ever: what
 * came due since then, while no node was there to say so, is handed out afterwards, the oldest first. Within somebody's transaction.
 */
final class DueSchedules {

    private static final long MISSED_MICROS = TimeUnit.SECONDS.toMicros(Occurrence.MISSED.toSeconds());

    /** Until what is left of a backlog is asked for: at once. */
    private static final long AT_ONCE = 1;

    private final Connection connection;

    DueSchedules(Connection connection) {
        this.connection = connection;
    }

    /** @param before what this question took in a transaction that may have been committed: it is this node's if it was */
    Answer.Fires due(Occurrence asked, int me, List<Occurrence> before) throws SQLException {
        for (var taken : before) {
            if (isMine(taken, me)) {
                return new Answer.Fires(taken, asked.everyMillis() > 0 ? AT_ONCE : 0);
            }
        }
        long now = nowMicros();
        return asked.everyMillis() > 0 ? interval(asked, me, now) : time(asked, me, now);
    }

    private Answer.Fires time(Occurrence asked, int me, long now) throws SQLException {
        long late = now - asked.dueMillis() * 1_000;
        if (late < 0) {
            return new Answer.Fires(null, TimeUnit.MICROSECONDS.toNanos(-late));
        }
        boolean old = late > MISSED_MICROS || (asked.missed() && !wasDueBefore(asked));
        boolean mine = !old && take(asked.schedule(), asked.dueMillis(), me);
        return new Answer.Fires(mine ? asked : null, 0);
    }

    private Answer.Fires interval(Occurrence asked, int me, long now) throws SQLException {
        String name = asked.schedule();
        long every = asked.everyMillis() * 1_000;
        long due = now / every * every;
        long next = TimeUnit.MICROSECONDS.toNanos(due + every - now + 1_000);
        Long last = last(name);
        if (last == null) { // it is new: its first time is the next one
            take(name, due / 1_000, me);
            submit(new Occurrence(name, due / 1_000, 0, false), me);
            return new Answer.Fires(null, next);
        }
        long count = Math.max(1, due / every - Math.floorDiv(last, every)); // 1 where the clock has been set back
        long most = asked.missed() ? Math.min(Occurrence.MOST_MISSED, 1 + MISSED_MICROS / every) : 1;
        for (long before = Math.min(count, most) - 1; before >= 0; before--) {
            long millis = (due - before * every) / 1_000;
            if (now - millis * 1_000 <= MISSED_MICROS && take(name, millis, me)) {
                return new Answer.Fires(new Occurrence(name, millis, 0, before > 0), before > 0 ? AT_ONCE : next);
            }
        }
        return new Answer.Fires(null, next);
    }

    private long nowMicros() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** In microseconds since 1970. */
    private @Nullable Long last(String name) throws SQLException {
        try (var statement = connection.prepareStatement(
                "select (extract(epoch from due) * 1000000)::bigint from schedule where name = ? order by due desc limit 1")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : null;
            }
        }
    }

    /** Else it is new, and was not due while nobody was there. */
    private boolean wasDueBefore(Occurrence asked) throws SQLException {
        return exists("select 1 from schedule where name = ? and due < ? limit 1", asked);
    }

    private boolean isMine(Occurrence asked, int me) throws SQLException {
        return exists("select 1 from schedule where name = ? and due = ? and not submitted and node = " + me, asked);
    }

    private boolean exists(String query, Occurrence asked) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, asked.schedule());
            statement.setTimestamp(2, new Timestamp(asked.dueMillis()));
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private boolean take(String name, long dueMillis, int me) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into schedule(name, due, node) values (?, ?, ?) on conflict do nothing""")) {
            statement.setString(1, name);
            statement.setTimestamp(2, new Timestamp(dueMillis));
            statement.setInt(3, me);
            return statement.executeUpdate() > 0;
        }
    }

    /** Its task comes in, or there is none, in the same transaction. False if that is another node's to say, or has been said. */
    boolean submit(Occurrence occurrence, int me) throws SQLException {
        try (var statement = connection.prepareStatement(
                "update schedule set submitted = true where name = ? and due = ? and node = ? and not submitted")) {
            statement.setString(1, occurrence.schedule());
            statement.setTimestamp(2, new Timestamp(occurrence.dueMillis()));
            statement.setInt(3, me);
            return statement.executeUpdate() > 0;
        }
    }
}
