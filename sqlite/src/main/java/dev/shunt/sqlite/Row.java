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

/** A task as columns of {@code task} or {@code dead}; encoded whole before anything is written, checked when it is read. */
record Row(
        long id,
        String type,
        String kind,
        byte[] data,
        String durability,
        @Nullable String options,
        @Nullable String contextKind,
        byte @Nullable [] context,
        int source,
        long acceptedAtMillis,
        int attempts,
        long dueAtMillis,
        int deaths) {

    /** SQLite takes a billion for a whole row. */
    static final long MAX_BYTES = 900_000_000;

    /** @throws IllegalArgumentException if something cannot be encoded, or is too large for a row */
    static Row of(StoredTask task) {
        var options = task.options();
        var context = options.context().equals(Data.empty()) ? null : options.context();
        var row = new Row(
                task.id(),
                task.type(),
                task.data().kind().name(),
                task.data().bytes(),
                options.durability().name(),
                OptionsFormat.write(options),
                context == null ? null : context.kind().name(),
                context == null ? null : context.bytes(),
                task.source(),
                task.acceptedAtMillis(),
                task.attempts(),
                task.dueAtMillis(),
                task.deaths());
        if (row.bytes() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "task " + task.id() + " has " + row.bytes() + " bytes; at most " + MAX_BYTES + " can be kept");
        }
        return row;
    }

    private long bytes() {
        return (long) data.length
                + (context == null ? 0 : context.length)
                + 3L * type.length()
                + (options == null ? 0 : 3L * options.length());
    }

    /** As a row of {@code task}. */
    void bind(PreparedStatement statement, long position) throws SQLException {
        bindCommon(statement);
        statement.setLong(14, position);
        statement.setLong(15, Checksum.of(content().add(position), progress()));
    }

    /** As a row of {@code dead}. */
    void bind(PreparedStatement statement, String outcome, String reason, long diedAtMillis) throws SQLException {
        bindCommon(statement);
        statement.setString(14, outcome);
        statement.setString(15, reason);
        statement.setLong(16, diedAtMillis);
        statement.setLong(17, Checksum.of(content().add(outcome).add(reason).add(diedAtMillis), progress()));
    }

    private void bindCommon(PreparedStatement statement) throws SQLException {
        statement.setLong(1, id);
        statement.setString(2, type);
        statement.setString(3, kind);
        statement.setBytes(4, data);
        statement.setString(5, durability);
        statement.setString(6, options);
        statement.setString(7, contextKind);
        statement.setBytes(8, context);
        statement.setInt(9, source);
        statement.setLong(10, acceptedAtMillis);
        statement.setInt(11, attempts);
        statement.setLong(12, dueAtMillis);
        statement.setInt(13, deaths);
    }

    /** What it is, but for what only one of the tables has. */
    private Checksum content() {
        return new Checksum()
                .add(id)
                .add(type)
                .add(kind)
                .add(data)
                .add(durability)
                .add(options)
                .add(contextKind)
                .add(context)
                .add(source)
                .add(acceptedAtMillis);
    }

    private Checksum progress() {
        return new Checksum().addProgress(id, attempts, dueAtMillis, deaths);
    }

    /** A task of the table {@code task}, where it is. */
    record Kept(StoredTask task, long position) {}

    static Kept kept(ResultSet columns) throws SQLException, UnreadableTaskException {
        long position = columns.getLong("position");
        return new Kept(task(columns), position);
    }

    static StoredTask task(ResultSet columns) throws SQLException, UnreadableTaskException {
        var row = of(columns);
        long position = columns.getLong("position");
        return row.read(position, Checksum.of(row.content().add(position), row.progress()), columns);
    }

    static DeadTask dead(ResultSet columns) throws SQLException, UnreadableTaskException {
        var row = of(columns);
        var outcome = columns.getString("outcome");
        var reason = columns.getString("reason");
        long diedAtMillis = columns.getLong("died_at");
        var content = row.content().add(outcome).add(reason).add(diedAtMillis);
        return new DeadTask(row.read(0, Checksum.of(content, row.progress()), columns), outcome, reason, diedAtMillis);
    }

    /** Whatever is there. */
    private static Row of(ResultSet columns) throws SQLException {
        return new Row(
                columns.getLong("id"),
                columns.getString("type"),
                columns.getString("kind"),
                columns.getBytes("data"),
                columns.getString("durability"),
                columns.getString("options"),
                columns.getString("context_kind"),
                columns.getBytes("context"),
                columns.getInt("source"),
                columns.getLong("accepted_at"),
                columns.getInt("attempts"),
                columns.getLong("due_at"),
                columns.getInt("deaths"));
    }

    /** @throws UnreadableTaskException if its columns make no sense, or are not those that were written */
    private StoredTask read(long position, long checksum, ResultSet columns)
            throws SQLException, UnreadableTaskException {
        StoredTask task;
        try {
            task = task();
        } catch (RuntimeException e) { // whatever somebody, or a disk, has written into it
            throw new UnreadableTaskException(id, position, "task " + id + " cannot be read: " + e.getMessage(), e);
        }
        if (columns.getLong("checksum") != checksum) {
            throw new UnreadableTaskException(
                    id,
                    position,
                    "task " + id + " is damaged: it does not have the checksum it was written with",
                    null);
        }
        return task;
    }

    private StoredTask task() {
        var read = OptionsFormat.read(options).durability(Durability.valueOf(durability));
        return new StoredTask(
                id,
                type,
                data(kind, data),
                contextKind == null ? read : read.context(data(contextKind, context)),
                source,
                acceptedAtMillis,
                attempts,
                dueAtMillis,
                deaths);
    }

    private static Data data(String kind, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalArgumentException("it has no bytes");
        }
        return Data.received(Data.Kind.valueOf(kind), bytes, Codec.json());
    }
}
