package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks wait for others: lanes, one for each ordering key, and unique keys. Every step is a part of somebody's
 * transaction. Steps that must see what a row lock waited for are statements of their own.
 */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Gates {

    static final String NEXT = """
            update task set state = 'r', pos = nextval('task_pos') where id in (
              select (select id from task where okey = k and state = 'k' order by pos limit 1)
              from unnest(?::text[]) as e(k))""";

    static final String END_JOINED = """
            update task set state = 'd', outcome = h.outcome, result = h.result, holder = null
            from unnest(?::bigint[], ?::int[], ?::bytea[]) as h(id, outcome, result)
            where task.holder = h.id and task.state = 'j' returning task.asker""";

    private static final String PLACED = """
            pos = nextval('task_pos'),
            state = case when due > clock_timestamp() then 'w' when okey is not null then 'k' else 'r' end::"char",
            laned = okey is not null and (due is null or due <= clock_timestamp())""";

    private static final String IN_LINE = """
            id in (select (select id from task where line = k and state = 'u' order by pos limit 1)
                from unnest(?::text[]) as e(k))
              and t.state = 'u' and not exists (select 1 from task holder where holder.ukey = t.line)""";

    static final String PASSED = "select id from task where line = ? and state = 'u' and tick < ?";

    static final String FIRST_IN_LINE = promotion("ukey = line, line = null", IN_LINE);

    private static final String NEXT_REPLACING = promotion("ukey = uwait, uwait = null", "uwait = any(?)");

    private static String promotion(String set, String which) {
        return "update task t set " + set + ", " + PLACED + " where " + which + " returning id, state, okey";
    }

    /**
     * A row that is over, as it was.
     *
     * @param until of a schedule's task that has run: when it would have been over if it had run when it was due
     */
    record Over(
            long id,
            int asker,
            @Nullable String okey,
            boolean laned,
            boolean hadTurn,
            @Nullable String ukey,
            int outcome,
            byte[] result,
            @Nullable Timestamp until) {}

    /** A row that comes to its lane. */
    record Comer(long id, String okey) {}

    private final Connection connection;
    private final Signals signals;

    Gates(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
    }

    // Lanes

    /** In their order; they are in state k. Where nobody was before, the first is ready. */
    void enterLanes(List<Comer> comers) throws SQLException {
        if (comers.isEmpty()) {
            return;
        }
        var counts = new TreeMap<String, Integer>();
        var first = new LinkedHashMap<String, Long>();
        for (var comer : comers) {
            counts.merge(comer.okey(), 1, Integer::sum);
            first.putIfAbsent(comer.okey(), comer.id());
        }
        var ready = new ArrayList<Long>();
        try (var statement = connection.prepareStatement("""
                insert into lane(okey, n) select k, c from unnest(?::text[], ?::int[]) as e(k, c)
                on conflict (okey) do update set n = lane.n + excluded.n returning okey, n""")) {
            bindCounts(statement, counts);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var key = rows.getString(1);
                    if (rows.getInt(2) == counts.getOrDefault(key, 0)) {
                        ready.add(Objects.requireNonNull(first.get(key)));
                    }
                }
            }
        }
        if (!ready.isEmpty()) {
            update("update task set state = 'r' where id = any(?) and state = 'k'", ready);
            signals.ready();
        }
    }

    private void bindCounts(PreparedStatement statement, Map<String, Integer> counts) throws SQLException {
        var keys = List.copyOf(counts.keySet());
        statement.setArray(1, Columns.texts(connection, keys));
        statement.setArray(2, Columns.ints(connection, keys, counts::get));
    }

    private void leaveLanes(Collection<Over> all) throws SQLException {
        var counts = new TreeMap<String, Integer>();
        var turns = new HashSet<String>();
        for (var over : all) {
            if (over.okey() != null && over.laned()) {
                counts.merge(over.okey(), 1, Integer::sum);
                if (over.hadTurn()) {
                    turns.add(over.okey());
                }
            }
        }
        if (counts.isEmpty()) {
            return;
        }
        var next = new ArrayList<String>();
        var empty = new ArrayList<String>();
        lockLanes(List.copyOf(counts.keySet()));
        try (var statement = connection.prepareStatement("""
                update lane set n = lane.n - e.c from unnest(?::text[], ?::int[]) as e(k, c) where lane.okey = e.k
                returning okey, lane.n""")) {
            bindCounts(statement, counts);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var key = rows.getString(1);
                    if (rows.getInt(2) <= 0) {
                        empty.add(key);
                    } else if (turns.contains(key)) {
                        next.add(key);
                    }
                }
            }
        }
        if (!empty.isEmpty()) {
            try (var statement = connection.prepareStatement("delete from lane where okey = any(?) and n <= 0")) {
                statement.setArray(1, Columns.texts(connection, empty));
                statement.executeUpdate();
            }
        }
        letNextIn(next);
    }

    private void lockLanes(List<String> sorted) throws SQLException {
        if (sorted.size() > 1) { // in one order, or two transactions would wait for each other
            try (var statement =
                    connection.prepareStatement("select 1 from lane where okey = any(?) order by okey for update")) {
                statement.setArray(1, Columns.texts(connection, sorted));
                statement.executeQuery().close();
            }
        }
    }

    private void letNextIn(List<String> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(NEXT)) {
            statement.setArray(1, Columns.texts(connection, keys));
            statement.executeUpdate();
        }
        signals.ready();
    }

    // Ends

    /** Ends what waits, of these; returns the ids of those that did. */
    Set<Long> endWaiting(List<Long> ids, int outcome, byte[] result) throws SQLException {
        if (ids.isEmpty()) {
            return Set.of();
        }
        var over = new ArrayList<Over>();
        try (var statement = connection.prepareStatement("""
                with old as (select id, state, okey, laned, ukey, asker from task
                    where id = any(?) and state in ('r','w','k','u','j') order by id for update)
                update task set state = 'd', outcome = ?, result = ?, ukey = null, uwait = null, holder = null, line = null
                from old where task.id = old.id
                returning old.id, old.asker, old.okey, old.laned, old.state, old.ukey""")) {
            statement.setArray(1, Columns.longs(connection, ids));
            statement.setInt(2, outcome);
            statement.setBytes(3, result);
            over(statement, outcome, result, over);
        }
        over.forEach(row -> signals.done(row.asker()));
        release(over);
        var ended = new HashSet<Long>();
        over.forEach(row -> ended.add(row.id()));
        return ended;
    }

    /** As those, and forgotten: nobody is to hear of them. */
    void forgetWaiting(List<Long> ids) throws SQLException {
        var over = new ArrayList<Over>();
        try (var statement = connection.prepareStatement("""
                with old as (select id, state, okey, laned, ukey, asker from task
                    where id = any(?) and state in ('r','w','k','u','j') order by id for update)
                delete from task using old where task.id = old.id
                returning old.id, old.asker, old.okey, old.laned, old.state, old.ukey""")) {
            statement.setArray(1, Columns.longs(connection, ids));
            over(statement, 0, new byte[0], over);
        }
        release(over);
    }

    private static void over(PreparedStatement statement, int outcome, byte[] result, List<Over> to)
            throws SQLException {
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                boolean laned = rows.getBoolean(4);
                var state = rows.getString(5);
                boolean turn = state.equals("r") || state.equals("l") || (state.equals("w") && laned);
                to.add(new Over(
                        rows.getLong(1),
                        rows.getInt(2),
                        rows.getString(3),
                        laned,
                        turn,
                        rows.getString(6),
                        outcome,
                        result,
                        null));
            }
        }
    }

    /** Lets go on what waited for these, which are over. */
    void release(List<Over> all) throws SQLException {
        endJoined(all.stream().filter(over -> over.ukey() != null).toList());
        leaveLanes(all);
        for (var over : all) {
            endPassed(over);
        }
        var keys = all.stream()
                .filter(over -> over.ukey() != null)
                .<String>map(Over::ukey)
                .sorted()
                .toList();
        if (!keys.isEmpty()) {
            promoteWaiters(keys);
        }
    }

    /** What would not have run on time either, for the task before ran when it was due. */
    private void endPassed(Over holder) throws SQLException {
        var key = holder.ukey();
        if (key == null || holder.until() == null || !Occurrence.isKey(key)) {
            return;
        }
        var passed = new ArrayList<Long>();
        try (var statement = connection.prepareStatement(PASSED)) {
            statement.setString(1, key);
            statement.setTimestamp(2, holder.until());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    passed.add(rows.getLong(1));
                }
            }
        }
        var reason = "a task with the unique key '" + key + "' ran for longer than until this one was due";
        endWaiting(passed, Outcome.REJECTED.ordinal(), Bytes.of(Data.of(reason)));
    }

    private void endJoined(List<Over> holders) throws SQLException {
        if (holders.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(END_JOINED)) {
            statement.setArray(1, Columns.longs(connection, holders, Over::id));
            statement.setArray(2, Columns.ints(connection, holders, Over::outcome));
            statement.setArray(3, Columns.bytes(connection, holders, Over::result));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    signals.done(rows.getInt(1));
                }
            }
        }
    }

    private void promoteWaiters(List<String> keys) throws SQLException {
        promote(NEXT_REPLACING, keys);
        var schedules = keys.stream().filter(Occurrence::isKey).toList();
        if (!schedules.isEmpty()) {
            promote(FIRST_IN_LINE, schedules);
        }
    }

    private void promote(String update, List<String> keys) throws SQLException {
        var comers = new ArrayList<Comer>();
        try (var statement = connection.prepareStatement(update)) {
            statement.setArray(1, Columns.texts(connection, keys));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    came(rows, comers);
                }
            }
        }
        enterLanes(comers);
    }

    private void came(ResultSet rows, List<Comer> comers) throws SQLException {
        switch (rows.getString(2)) {
            case "k" -> comers.add(new Comer(rows.getLong(1), rows.getString(3)));
            case "r" -> signals.ready();
            case "w" -> {} // a node looks what is due
            default -> throw new SQLException("task " + rows.getLong(1) + " is in state " + rows.getString(2));
        }
    }

    private void update(String sql, List<Long> ids) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setArray(1, Columns.longs(connection, ids));
            statement.executeUpdate();
        }
    }
}
