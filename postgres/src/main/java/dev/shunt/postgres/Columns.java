package dev.shunt.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Many rows as one array for each column, which {@code unnest} makes rows of again. */
final class Columns {

    private Columns() {}

    static Array longs(Connection connection, List<Long> values) throws SQLException {
        return connection.createArrayOf("bigint", values.toArray());
    }

    static <T> Array longs(Connection connection, List<T> rows, ToLongFunction<T> column) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .createArrayOf("bigint", rows.stream().mapToLong(column).toArray());
    }

    /** Null where there is none. */
    static <T> Array optionalLongs(Connection connection, List<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return connection.createArrayOf("bigint", rows.stream().map(column).toArray());
    }

    static <T> Array ints(Connection connection, List<T> rows, ToIntFunction<T> column) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .createArrayOf("integer", rows.stream().mapToInt(column).toArray());
    }

    static <T> Array booleans(Connection connection, List<T> rows, Function<T, Boolean> column) throws SQLException {
        return connection.createArrayOf("boolean", rows.stream().map(column).toArray());
    }

    static Array texts(Connection connection, List<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    static <T> Array texts(Connection connection, List<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return connection.createArrayOf("text", rows.stream().map(column).toArray());
    }

    static <T> Array bytes(Connection connection, List<T> rows, Function<T, byte[]> column) throws SQLException {
        return connection.createArrayOf("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }
}
