package dev.shunt.sqlite;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.OptionsFormat;
import dev.shunt.task.StoredTask;
import dev.shunt.task.UnreadableTaskException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A task as the columns that {@code task} and {@code dead} share; encoded whole before anything is written. */
record Row(StoredTask task, byte[] data, @Nullable String options, byte @Nullable [] context) {

    /** SQLite takes a billion for a whole row. */
    static final long MAX_BYTES = 900_000_000;

    /** @throws IllegalArgumentException if something cannot be encoded, or is too large for a row */
    static Row of(StoredTask task) {
        var context = task.options().context();
        var row = new Row(
                task,
                task.data().bytes(),
                OptionsFormat.write(task.options()),
                context.equals(Data.empty()) ? null : context.bytes());
        if (row.bytes() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "task " + task.id() + " has " + row.bytes() + " bytes; at most " + MAX_BYTES + " can be kept");
        }
        return row;
    }

    private long bytes() {
        return (long) data.length
                + (context == null ? 0 : context.length)
                + 3L * task.type().length()
                + (options == null ? 0 : 3L * options.length());
    }

    void bind(PreparedStatement statement) throws SQLException {
        statement.setLong(1, task.id());
        statement.setString(2, task.type());
        statement.setString(3, task.data().kind().name());
        statement.setBytes(4, data);
        statement.setString(5, task.options().durability().name());
        statement.setString(6, options);
        statement.setString(
                7, context == null ? null : task.options().context().kind().name());
        statement.setBytes(8, context);
        statement.setInt(9, task.source());
        statement.setLong(10, task.acceptedAtMillis());
        statement.setInt(11, task.attempts());
        statement.setLong(12, task.dueAtMillis());
    }

    /** A task of the table {@code task}, where it is. */
    record Kept(StoredTask task, long position) {}

    static Kept kept(ResultSet row) throws SQLException, UnreadableTaskException {
        long position = row.getLong(13);
        return new Kept(read(row, position), position);
    }

    static StoredTask task(ResultSet row) throws SQLException, UnreadableTaskException {
        return read(row, row.getLong(13));
    }

    static DeadTask dead(ResultSet row) throws SQLException, UnreadableTaskException {
        return new DeadTask(read(row, 0), row.getString(13), row.getString(14), row.getLong(15));
    }

    /** @throws UnreadableTaskException if its columns make no sense */
    private static StoredTask read(ResultSet row, long position) throws SQLException, UnreadableTaskException {
        long id = row.getLong(1);
        try {
            var options = OptionsFormat.read(row.getString(6)).durability(Durability.valueOf(row.getString(5)));
            var contextKind = row.getString(7);
            return new StoredTask(
                    id,
                    row.getString(2),
                    data(row.getString(3), row.getBytes(4)),
                    contextKind == null ? options : options.context(data(contextKind, row.getBytes(8))),
                    row.getInt(9),
                    row.getLong(10),
                    row.getInt(11),
                    row.getLong(12));
        } catch (RuntimeException e) { // whatever somebody has written into it
            throw new UnreadableTaskException(id, position, "task " + id + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Data data(String kind, byte[] bytes) {
        return Data.received(Data.Kind.valueOf(kind), bytes, Codec.json());
    }
}
