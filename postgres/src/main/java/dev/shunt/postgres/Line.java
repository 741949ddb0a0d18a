package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks of one schedule wait for the one that has their unique key, if that is late for the end of a node and not for its own
 * length: they run as they would have run on time, but later. Those that came due while that one would have run on time are
 * refused when it ends ({@link Gates}). Within somebody's transaction, which has locked the holder.
 */
final class Line {

    /** Whether the holder is late for the end of a node, and how many wait. */
    static final String LOOK = """
            select deaths > 0 or missed is true or state = 'l' and not exists (select 1 from node n where n.id = t.node
                and n.beat > clock_timestamp() - n.ttl and
            """ + Reaper.HAS_SESSION + """
            ), (select count(*) from task where line = ? and state = 'u') from task t where id = ?""";

    private final Connection connection;
    private final String key;

    Line(Connection connection, String key) {
        this.connection = connection;
        this.key = key;
    }

    /**
     * Why a task may not wait; null if it may.
     *
     * @param missed whether no node was there when it was due
     */
    @Nullable Answer refuses(long holder, boolean missed) throws SQLException {
        try (var statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, key);
            statement.setLong(2, holder);
            try (var rows = statement.executeQuery()) {
                rows.next();
                long waiting = rows.getLong(2);
                if (!missed && !rows.getBoolean(1) && waiting == 0) {
                    return new Answer.Refused("a task with the unique key '" + key + "' is not over yet");
                }
                return waiting < Occurrence.MOST_MISSED
                        ? null
                        : new Answer.Refused(
                                Occurrence.MOST_MISSED + " tasks wait for the unique key '" + key + "' already");
            }
        }
    }

    /** A task that waits for nothing yet; it is late as well from now on. */
    void enter(long id) throws SQLException {
        try (var statement = connection.prepareStatement("update task set line = ?, missed = true where id = ?")) {
            statement.setString(1, key);
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }
}
