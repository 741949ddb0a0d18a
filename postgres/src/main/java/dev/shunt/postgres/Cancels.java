package dev.shunt.postgres;

import dev.shunt.task.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ends what is to end, within somebody's transaction: what waits at once, of what is leased its node is told. */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Cancels {

    private final Connection connection;
    private final Signals signals;

    Cancels(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
    }

    /** Returns those that there were. */
    Set<Long> cancel(List<Long> ids) throws SQLException {
        var gates = new Gates(connection, signals);
        var found = new HashSet<>(gates.endWaiting(ids, Outcome.CANCELLED.ordinal(), new byte[0]));
        try (var statement = connection.prepareStatement("""
                update task set cancelled = true where id = any(?) and state = 'l' returning id, node, fence""")) {
            statement.setArray(1, Columns.longs(connection, ids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                    signals.cancel(rows.getInt(2), rows.getLong(1), rows.getInt(3));
                }
            }
        }
        return found;
    }
}
