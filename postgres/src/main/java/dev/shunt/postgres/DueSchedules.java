package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;

/**
 * Which node submits the task of a schedule: the first that says it is due, by the database's clock. Intervals begin at whole
 * multiples of theirs since 1970. Those of the last ten minutes are remembered, and what is older is not done any more.
 */
final class DueSchedules {

    private final Connection connection;

    DueSchedules(Connection connection) {
        this.connection = connection;
    }

    Answer due(Occurrence asked, int me) throws SQLException {
        long now = nowMicros();
        if (asked.everyMillis() > 0) {
            long every = asked.everyMillis() * 1_000;
            long due = now / every * every;
            boolean mine = take(asked.schedule(), due / 1_000, me);
            long next = TimeUnit.MICROSECONDS.toNanos(due + every - now + 1_000);
            return new Answer.Fires(mine ? new Occurrence(asked.schedule(), due / 1_000, 0) : null, next);
        }
        long early = asked.dueMillis() * 1_000 - now;
        if (early > 0) {
            return new Answer.Fires(null, TimeUnit.MICROSECONDS.toNanos(early));
        }
        boolean old = early < -TimeUnit.MINUTES.toMicros(5);
        boolean mine = !old && take(asked.schedule(), asked.dueMillis(), me);
        return new Answer.Fires(mine ? asked : null, 0);
    }

    private long nowMicros() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Its own is taken again, for a transaction that is sent again. */
    private boolean take(String name, long dueMillis, int me) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into schedule(name, due, node) values (?, ?, ?) on conflict do nothing""")) {
            statement.setString(1, name);
            statement.setTimestamp(2, new Timestamp(dueMillis));
            statement.setInt(3, me);
            return statement.executeUpdate() > 0;
        }
    }
}
