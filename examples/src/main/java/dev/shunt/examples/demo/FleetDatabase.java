package dev.shunt.examples.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the demo looks at in the tables of the queue. */
final class FleetDatabase {

    private final String url;

    FleetDatabase(String url) {
        this.url = url;
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T ask(Question<T> question) throws IOException {
        try (var connection = DriverManager.getConnection(url)) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw new IOException("the database cannot be asked: " + e.getMessage(), e);
        }
    }

    boolean isEmpty() throws IOException {
        return left() == 0;
    }

    /** Tasks whose result nobody has been told. */
    int left() throws IOException {
        return ask(connection -> {
            try (var rows =
                    connection.createStatement().executeQuery("select count(*) from shunt.task")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    /** What a node has. */
    Set<Long> leased(String node) throws IOException {
        return ask(connection -> {
            var ids = new HashSet<Long>();
            try (var statement =
                    connection.prepareStatement(
                            "select task.id from shunt.task join shunt.node on node.id = task.node"
                                    + " where state = 'l' and name = ?")) {
                statement.setString(1, node);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                    }
                }
            }
            return ids;
        });
    }

    /** Of these, how many it still has. */
    int stillLeased(Set<Long> ids, String node) throws IOException {
        var now = leased(node);
        now.retainAll(ids);
        return now.size();
    }

    Map<String, Integer> leasedByNode() throws IOException {
        return ask(connection -> {
            var counts = new TreeMap<String, Integer>();
            try (var rows =
                    connection
                            .createStatement()
                            .executeQuery(
                                    "select name, count(task.id) from shunt.node left join shunt.task"
                                            + " on task.node = node.id and state = 'l' group by name")) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getInt(2));
                }
            }
            return counts;
        });
    }
}
