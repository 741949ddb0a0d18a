package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Load;
import dev.shunt.task.TaskQueue.NodeInfo;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of nodes: one for each that lives, which says with each beat what it has. */
final class NodeTable {

    private final Connection connection;

    NodeTable(Connection connection) {
        this.connection = connection;
    }

    /** A number that no other run of any manager has had. */
    int register(Identity node) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into node(name, types, ttl, server)
                values (?, ?, ? * interval '1 microsecond', pg_postmaster_start_time()) returning id""")) {
            statement.setString(1, node.name());
            statement.setArray(2, Columns.texts(connection, node.types()));
            statement.setLong(3, node.ttlNanos() / 1_000);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** False if it is not there: others took it for gone. */
    boolean beat(int node, Load load) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update node set beat = clock_timestamp(), server = pg_postmaster_start_time(),
                  stats = jsonb_build_object('slots', ?::int, 'busy', ?::int, 'leased', ?::bigint, 'ended', ?::bigint,
                    'fenced', ?::bigint)
                where id = ?""")) {
            statement.setInt(1, load.slots());
            statement.setInt(2, load.busy());
            statement.setLong(3, load.leased());
            statement.setLong(4, load.ended());
            statement.setLong(5, load.fenced());
            statement.setInt(6, node);
            return statement.executeUpdate() > 0;
        }
    }

    List<NodeInfo> all() throws SQLException {
        var nodes = new ArrayList<NodeInfo>();
        try (var statement = connection.prepareStatement("""
                        select id, name, types, extract(epoch from clock_timestamp() - started),
                          extract(epoch from clock_timestamp() - beat), coalesce((stats->>'slots')::int, 0),
                          coalesce((stats->>'busy')::int, 0), coalesce((stats->>'leased')::bigint, 0),
                          coalesce((stats->>'ended')::bigint, 0), coalesce((stats->>'fenced')::bigint, 0)
                        from node order by id""");
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                nodes.add(info(rows));
            }
        }
        return List.copyOf(nodes);
    }

    private static NodeInfo info(ResultSet rows) throws SQLException {
        var load = new Load(rows.getInt(6), rows.getInt(7), rows.getLong(8), rows.getLong(9), rows.getLong(10));
        return new NodeInfo(
                rows.getInt(1),
                rows.getString(2),
                texts(rows.getArray(3)),
                Math.max(0, rows.getDouble(4)),
                Math.max(0, rows.getDouble(5)),
                load);
    }

    private static List<String> texts(Array column) throws SQLException {
        return List.of((String[]) column.getArray());
    }
}
