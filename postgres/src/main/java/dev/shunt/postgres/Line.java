package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks of one schedule wait for the one that has their unique key, if it was not that one's own length that they came too
 * early for, but the end of a node: what was missed, and what comes while some of that still waits. Within somebody's transaction,
 * which has locked the holder.
 */
final class Line {

    /** Whether the holder is held up by the end of a node, how many wait, and whether some of these were missed. */
    private static final String LOOK = """
            select deaths > 0 or state = 'l' and not exists (select 1 from node n where n.id = t.node
                and n.beat > clock_timestamp() - n.ttl and
            """ + Reaper.HAS_SESSION + """
            ), (select count(*) from task where line = ? and state = 'u'),
              exists (select 1 from task where line = ? and state = 'u' and missed) from task t where id = ?""";

    private final Connection connection;
    private final String key;

    Line(Connection connection, String key) {
        this.connection = connection;
        this.key = key;
    }

    /**
     * Whether a task may wait; it is then to be marked as missed, or as one that follows those.
     *
     * @param missed whether no node was there when it was due
     */
    Place of(long holder, boolean missed) throws SQLException {
        try (var statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, key);
            statement.setString(2, key);
            statement.setLong(3, holder);
            try (var rows = statement.executeQuery()) {
                rows.next();
                boolean heldUp = missed || rows.getBoolean(1);
                if (!heldUp && !rows.getBoolean(3)) {
                    return new Place(
                            false, new Answer.Refused("a task with the unique key '" + key + "' is not over yet"));
                }
                return new Place(
                        heldUp,
                        rows.getLong(2) < Occurrence.MOST_MISSED
                                ? null
                                : new Answer.Refused(Occurrence.MOST_MISSED + " tasks wait for the unique key '" + key
                                        + "' already"));
            }
        }
    }

    record Place(boolean missed, @Nullable Answer refused) {}

    /** A task that waits for nothing yet. */
    void enter(long id, boolean missed) throws SQLException {
        try (var statement = connection.prepareStatement("update task set line = ?, missed = ? where id = ?")) {
            statement.setString(1, key);
            statement.setBoolean(2, missed);
            statement.setLong(3, id);
            statement.executeUpdate();
        }
    }
}
