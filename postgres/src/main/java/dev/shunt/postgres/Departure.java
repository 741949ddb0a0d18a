package dev.shunt.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** A node leaves in order: what it has is the others' at once, at the places that it had, and results of what was asked there are told by them. */
final class Departure {

    private Departure() {}

    static void of(Connection connection, int node) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            int left = statement.executeUpdate(
                    "update task set state = 'r', node = null, begun = false where state = 'l' and node = " + node);
            statement.executeUpdate("insert into gone(node, name) select id, name from node where id = " + node
                    + " and exists (select 1 from task where asker = " + node + ") on conflict do nothing");
            statement.executeUpdate("delete from node where id = " + node);
            if (left > 0) {
                var signals = new Signals();
                signals.back();
                signals.send(connection);
            }
            connection.commit();
        }
    }
}
