package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Ends leases, within somebody's transaction: each statement finds only rows that are leased to that node under that fence.
 * What a node that is taken for gone says late finds none.
 */
final class Ends {

    /** {@code + 0}: not by the index of leases, of which a plan made for an empty table takes all of a node for each row. */
    static final String LEASES =
            " where task.id = e.id and task.node + 0 = e.node and task.fence = e.fence and task.state = 'l'";

    static final String DELETE = """
            delete from task using unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence)""" + LEASES + " and task.asker = any(array[0, ?]) returning task.id";

    /** Its payload is of no use any more. */
    static final String KEEP = """
            update task set state = 'd', outcome = e.outcome, result = e.result, ukey = null, data = ''
            from unnest(?::bigint[], ?::int[], ?::int[], ?::int[], ?::bytea[]) as e(id, node, fence, outcome, result)""" + LEASES + " and task.asker <> all(array[0, ?]) returning task.id, task.asker";

    /** How a leased task ended. */
    record End(Lease lease, int outcome, byte[] result, int attempts, String reason) {}

    /** What became of it: true if the one who asked is on this node, and is to be told. */
    private final Map<Long, Boolean> kept = new HashMap<>();

    private final Connection connection;
    private final Signals signals;

    Ends(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
    }

    Map<Long, Boolean> kept() {
        return kept;
    }

    /** Those that are dead letters as well. */
    void bury(List<End> ends) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into dead(id, type, attempts, outcome, reason, source, accepted, options, data)
                select task.id, task.type, e.attempts, e.outcome, e.reason, task.source, task.accepted, task.options, task.data
                from task, unnest(?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[], ?::text[])
                  as e(id, node, fence, attempts, outcome, reason)""" + LEASES + " on conflict do nothing")) {
            bindLeases(statement, ends);
            statement.setArray(4, Columns.ints(connection, ends, End::attempts));
            statement.setArray(5, Columns.ints(connection, ends, End::outcome));
            statement.setArray(6, Columns.texts(connection, ends, end -> text(end.reason())));
            statement.executeUpdate();
        }
    }

    /** PostgreSQL's text has no such character. */
    private static String text(String any) {
        return any.indexOf('\0') < 0 ? any : any.replace('\0', '\uFFFD');
    }

    private void bindLeases(PreparedStatement statement, List<End> ends) throws SQLException {
        statement.setArray(1, Columns.longs(connection, ends, end -> end.lease().taskId()));
        statement.setArray(2, Columns.ints(connection, ends, end -> end.lease().node()));
        statement.setArray(3, Columns.ints(connection, ends, end -> end.lease().fence()));
    }

    /**
     * Where whoever asked is on this node, or nobody did, the row goes: this node tells. Else it stays until its asker's node has
     * told.
     *
     * @param me the asker's number that is this node's
     */
    void settle(List<End> ends, int me) throws SQLException {
        var plain = ends.stream().filter(end -> !end.lease().keyed()).toList();
        var keyed = ends.stream().filter(end -> end.lease().keyed()).toList();
        var over = new ArrayList<Gates.Over>();
        if (!keyed.isEmpty()) {
            over.addAll(lock(keyed));
        }
        delete(ends, me);
        if (plain.size() + keyed.size() > kept.size()) {
            keep(ends, me);
        }
        if (!over.isEmpty()) {
            over.removeIf(row -> !kept.containsKey(row.id()));
            new Gates(connection, signals).release(over);
        }
    }

    private List<Gates.Over> lock(List<End> ends) throws SQLException {
        var byId = new HashMap<Long, End>();
        ends.forEach(end -> byId.put(end.lease().taskId(), end));
        var over = new ArrayList<Gates.Over>();
        try (var statement = connection.prepareStatement("""
                select task.id, task.asker, task.okey, task.laned, task.ukey,
                  task.tick + (clock_timestamp() - task.claimed)
                from task, unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence)""" + LEASES + " order by task.id for update of task")) {
            bindLeases(statement, ends);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var end = Objects.requireNonNull(byId.get(rows.getLong(1)));
                    over.add(new Gates.Over(
                            rows.getLong(1),
                            rows.getInt(2),
                            rows.getString(3),
                            rows.getBoolean(4),
                            true,
                            rows.getString(5),
                            end.outcome(),
                            end.result(),
                            rows.getTimestamp(6)));
                }
            }
        }
        return over;
    }

    private void delete(List<End> ends, int me) throws SQLException {
        var own = ends.stream()
                .filter(end -> end.lease().asker() == me || end.lease().asker() == 0)
                .toList();
        if (own.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(DELETE)) {
            bindLeases(statement, own);
            statement.setInt(4, me);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    kept.put(rows.getLong(1), true);
                }
            }
        }
    }

    private void keep(List<End> ends, int me) throws SQLException {
        try (var statement = connection.prepareStatement(KEEP)) {
            bindLeases(statement, ends);
            statement.setArray(4, Columns.ints(connection, ends, End::outcome));
            statement.setArray(5, Columns.bytes(connection, ends, End::result));
            statement.setInt(6, me);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    kept.put(rows.getLong(1), false);
                    signals.done(rows.getInt(2));
                }
            }
        }
    }

    /** An attempt has ended, and another follows. */
    Set<Long> retry(List<Lease> leases, List<Integer> attempts, List<Long> delayMicros) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update task set state = 'w', due = clock_timestamp() + e.delay * interval '1 microsecond',
                  attempts = e.attempts, node = null, deaths = 0, begun = false
                from unnest(?::bigint[], ?::int[], ?::int[], ?::int[], ?::bigint[]) as e(id, node, fence, attempts, delay)""" + LEASES + " returning task.id")) {
            bind(statement, leases);
            statement.setArray(4, connection.createArrayOf("integer", attempts.toArray()));
            statement.setArray(5, Columns.longs(connection, delayMicros));
            return ids(statement);
        }
    }

    /** To the places that they had. */
    Set<Long> giveBack(List<Lease> leases) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update task set state = 'r', node = null, begun = false
                from unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence)""" + LEASES + " returning task.id")) {
            bind(statement, leases);
            var ids = ids(statement);
            if (!ids.isEmpty()) {
                signals.back();
            }
            return ids;
        }
    }

    Set<Long> begin(List<Lease> leases) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update task set begun = true
                from unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence)""" + LEASES + " returning task.id")) {
            bind(statement, leases);
            return ids(statement);
        }
    }

    private void bind(PreparedStatement statement, List<Lease> leases) throws SQLException {
        statement.setArray(1, Columns.longs(connection, leases, Lease::taskId));
        statement.setArray(2, Columns.ints(connection, leases, Lease::node));
        statement.setArray(3, Columns.ints(connection, leases, Lease::fence));
    }

    private static Set<Long> ids(PreparedStatement statement) throws SQLException {
        var ids = new HashSet<Long>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /** Sent again after a lost connection: of those that found nothing, what was kept the first time. */
    void wasKeptBefore(List<End> missing, int me) throws SQLException {
        var there = new HashMap<Long, Boolean>();
        try (var statement = connection.prepareStatement("""
                select task.id, task.state = 'd' and task.node = e.node and task.fence = e.fence
                from task, unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence) where task.id = e.id""")) {
            bindLeases(statement, missing);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    there.put(rows.getLong(1), rows.getBoolean(2));
                }
            }
        }
        for (var end : missing) {
            boolean own = end.lease().asker() == me || end.lease().asker() == 0;
            Boolean asItWas = there.get(end.lease().taskId());
            if (asItWas == null) { // only this node forgets what was asked here
                kept.put(end.lease().taskId(), own);
            } else if (asItWas) {
                kept.put(end.lease().taskId(), false);
            }
        }
    }
}
