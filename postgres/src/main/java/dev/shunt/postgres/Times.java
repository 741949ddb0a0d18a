package dev.shunt.postgres;

import dev.shunt.task.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What time does to tasks that wait, by the database's clock, within somebody's transaction. Any node does it. */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Times {

    private static final long MOST = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(2);

    static final String DUE = """
            with due as (select id from task where state = 'w' and due <= clock_timestamp()
                order by due, pos limit 500 for update skip locked),
              placed as (select id, nextval('task_pos') as pos from due)
            update task set pos = placed.pos, due = null, laned = laned or okey is not null,
              state = case when okey is not null and not laned then 'k' else 'r' end::"char"
            from placed where task.id = placed.id returning task.id, task.state, task.okey, task.pos""";

    static final String NEXT_DUE = """
            select (extract(epoch from min(due) - clock_timestamp()) * 1000000)::bigint from task where state = 'w'
            """;

    private final Connection connection;
    private final Signals signals;

    Times(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
    }

    /** Returns in how many nanoseconds to look again. */
    long promote() throws SQLException {
        boolean more = promoteDue();
        more |= endLate();
        return more ? 0 : nextDue();
    }

    private boolean promoteDue() throws SQLException {
        var comers = new ArrayList<Gates.Comer>();
        int count = 0;
        try (var statement = connection.prepareStatement(DUE)) {
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    count++;
                    if (rows.getString(2).equals("k")) {
                        comers.add(new Gates.Comer(rows.getLong(1), rows.getString(3)));
                    } else {
                        signals.ready();
                    }
                }
            }
        }
        new Gates(connection, signals).enterLanes(comers);
        return count == 500;
    }

    private boolean endLate() throws SQLException {
        var late = new ArrayList<Long>();
        try (var statement = connection.prepareStatement("""
                select id from task where deadline <= clock_timestamp() and deadline is not null
                and state in ('r','w','k','u') limit 500 for update skip locked""")) {
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    late.add(rows.getLong(1));
                }
            }
        }
        if (!late.isEmpty()) {
            bury(late, Outcome.TIMED_OUT, "its deadline has passed while it waited");
            new Gates(connection, signals).endWaiting(late, Outcome.TIMED_OUT.ordinal(), new byte[0]);
        }
        return late.size() == 500;
    }

    /** They are dead letters from now on. */
    void bury(List<Long> ids, Outcome outcome, String reason) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into dead(id, type, attempts, outcome, reason, source, accepted, options, data)
                select id, type, attempts, ?, ?, source, accepted, options, data from task where id = any(?)
                on conflict do nothing""")) {
            statement.setInt(1, outcome.ordinal());
            statement.setString(2, reason);
            statement.setArray(3, Columns.longs(connection, ids));
            statement.executeUpdate();
        }
    }

    private long nextDue() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(NEXT_DUE)) {
            rows.next();
            long micros = rows.getLong(1);
            return rows.wasNull() ? MOST : Math.clamp(TimeUnit.MICROSECONDS.toNanos(micros), LEAST, MOST);
        }
    }
}
