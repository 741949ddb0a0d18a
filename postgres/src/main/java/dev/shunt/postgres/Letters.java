package dev.shunt.postgres;

import dev.shunt.task.DeadTask;
import dev.shunt.task.Outcome;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.DeadMark;
import dev.shunt.task.TaskQueue.SharedTask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dead letters, of all nodes. */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Letters {

    private static final String COLUMNS =
            "select id, type, attempts, outcome, reason, died, source, accepted, options, data from dead";
    private static final String PAGE = upToBytes("id > ? order by id limit ?");
    private static final String SOME = upToBytes("id = any(?)");
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Connection connection;
    private final Signals signals;

    private static String upToBytes(String which) {
        return COLUMNS + " where id in (select id from ("
                + "select id, sum(octet_length(data)) over (order by id) - octet_length(data) as before"
                + " from dead where " + which + ") as page where before < ?) order by id";
    }

    Letters(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
    }

    /**
     * It runs again, for nobody: its result goes where results go whose caller is gone.
     *
     * @return what became of it; null if whoever asked is being told of its death
     */
    @Nullable Answer revive(long id) throws SQLException {
        try (var statement = connection.prepareStatement(
                COLUMNS + " where id = ? and not exists (select 1 from task where task.id = dead.id) for update")) {
            statement.setLong(1, id);
            var letters = read(statement);
            if (letters.isEmpty()) {
                return of(id).isEmpty() ? new Answer.Kept(false) : null;
            }
            var task = letters.getFirst().task();
            var options = task.options().delay(Duration.ZERO);
            var again = new SharedTask(id, task.type(), task.data(), options, task.source(), false, null);
            Answer refused =
                    new Offers(connection, signals).offer(List.of(again), 0).get(id);
            return refused == null ? new Answer.Kept(discard(id)) : refused;
        }
    }

    boolean discard(long id) throws SQLException {
        try (var statement = connection.prepareStatement("delete from dead where id = ?")) {
            statement.setLong(1, id);
            return statement.executeUpdate() > 0;
        }
    }

    /** None after those whose payloads together have so many bytes. */
    List<DeadTask> list(long after, int limit, long maxBytes) throws SQLException {
        try (var statement = connection.prepareStatement(PAGE)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            statement.setLong(3, maxBytes);
            return read(statement);
        }
    }

    List<DeadTask> of(long id) throws SQLException {
        try (var statement = connection.prepareStatement(COLUMNS + " where id = ?")) {
            statement.setLong(1, id);
            return read(statement);
        }
    }

    /** As {@link #list}. */
    List<DeadTask> of(List<Long> ids, long maxBytes) throws SQLException {
        try (var statement = connection.prepareStatement(SOME)) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            statement.setLong(2, maxBytes);
            return read(statement);
        }
    }

    List<DeadMark> marks() throws SQLException {
        var marks = new ArrayList<DeadMark>();
        try (var statement = connection.prepareStatement(
                        "select id, (extract(epoch from died) * 1000000)::bigint from dead order by id");
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                marks.add(new DeadMark(rows.getLong(1), rows.getLong(2)));
            }
        }
        return marks;
    }

    private static List<DeadTask> read(PreparedStatement statement) throws SQLException {
        var letters = new ArrayList<DeadTask>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                letters.add(letter(rows));
            }
        }
        return letters;
    }

    private static DeadTask letter(ResultSet rows) throws SQLException {
        long accepted = rows.getTimestamp("accepted").getTime();
        var task = new StoredTask(
                rows.getLong("id"),
                rows.getString("type"),
                Bytes.data(rows.getBytes("data")),
                options(rows.getBytes("options")),
                rows.getInt("source"),
                accepted,
                rows.getInt("attempts"),
                accepted);
        return new DeadTask(
                task,
                OUTCOMES[rows.getInt("outcome")].name(),
                rows.getString("reason"),
                rows.getTimestamp("died").getTime());
    }

    /** Those of a newer program, or damaged, do not keep others from being listed. */
    private static TaskOptions options(byte[] column) {
        try {
            return Bytes.options(column);
        } catch (RuntimeException e) {
            return TaskOptions.DEFAULT;
        }
    }
}
