package dev.shunt.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of nodes that listen, and of what is too long for a notification. */
record BusTable(Connection connection) {

    /**
     * @param said of its messages to all, how many it has sent
     * @param lives whether it has said so lately
     */
    record Row(int node, long said, boolean lives) {}

    /** A number that no row has. */
    int register(String name) throws SQLException {
        while (true) {
            try (var statement = connection.prepareStatement("""
                    insert into bus_node(id, name) values (nextval('bus_number'), ?)
                    on conflict do nothing returning id""")) {
                statement.setString(1, name);
                try (var rows = statement.executeQuery()) {
                    if (rows.next()) {
                        return rows.getInt(1);
                    }
                }
            }
        }
    }

    void listen(int node) throws SQLException {
        try (var statement = connection.createStatement()) {
            // a node that reads nothing must not hold up the notifications of all
            statement.execute("set tcp_user_timeout = '30s'; unlisten *; listen " + BusNotes.ALL + "; listen "
                    + BusNotes.channel(node));
        }
    }

    /** Its row is there, whatever has become of it. */
    void beat(int node, String name, long said) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into bus_node(id, name, said) values (?, ?, ?)
                on conflict (id) do update set beat = clock_timestamp(), said = excluded.said""")) {
            statement.setInt(1, node);
            statement.setString(2, name);
            statement.setLong(3, said);
            statement.executeUpdate();
        }
    }

    List<Row> all() throws SQLException {
        var all = new ArrayList<Row>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select id, said, beat > clock_timestamp() - interval '10 s' from bus_node")) {
            while (rows.next()) {
                all.add(new Row(rows.getInt(1), rows.getLong(2), rows.getBoolean(3)));
            }
        }
        return all;
    }

    /** What nobody wants any more. */
    void clear() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("delete from bus where at < clock_timestamp() - interval '30 s';"
                    + " delete from bus_node where beat < clock_timestamp() - interval '60 s'");
        }
    }

    void leave(int node) throws SQLException {
        try (var statement = connection.prepareStatement("delete from bus_node where id = ?")) {
            statement.setInt(1, node);
            statement.executeUpdate();
        }
    }

    /** Null if it is not there any more. */
    byte @Nullable [] body(long id) throws SQLException {
        try (var statement = connection.prepareStatement("select body from bus where id = ?")) {
            statement.setLong(1, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : null;
            }
        }
    }
}
