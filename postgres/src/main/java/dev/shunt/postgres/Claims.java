package dev.shunt.postgres;

import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Kind;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.SharedTask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Hands tasks of one group to this node: of each level of priority a share, and what one does not need goes to the others; those
 * of a type with a rate as fast as all nodes together may start them. Of one thread.
 */
final class Claims {

    /** In one statement. */
    static final int MOST = 200;

    /** How far ahead of its start a task with a rate is handed out. */
    private static final long AHEAD_MICROS = 250_000;

    private static final int LEVELS = Priority.values().length;

    /** By the place of a row, which is locked: one that has moved since the statement began is left to the next claim. */
    static final String CLAIM = """
            with want as (select * from unnest(?::int[], ?::bigint[], ?::int[]) as w(prio, low, n)
                where exists (select 1 from node where id = ?)),
              c as (select t.at from want, lateral (select ctid as at from task
                where state = 'r' and task.prio = want.prio and pos >= want.low and type = any(?)
                order by pos limit want.n for update skip locked) t limit ?)
            update task set state = 'l', node = ?, fence = fence + 1,
              claimed = case when tick is not null then clock_timestamp() end from c where task.ctid = c.at
            returning task.id, pos, prio, fence, type, asker, attempts, deaths, cancelled, source, followed,
              ukey is not null or okey is not null,
              (extract(epoch from clock_timestamp() - accepted) * 1000000)::bigint, options, data""";

    /** What was claimed; of what is no longer to run, only the lease. */
    record Claimed(List<Claim> claims, List<Lease> cancelled, List<Unreadable> unreadable) {
        Claimed() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        boolean isEmpty() {
            return claims.isEmpty() && cancelled.isEmpty() && unreadable.isEmpty();
        }

        int size() {
            return claims.size() + cancelled.size() + unreadable.size();
        }
    }

    record Unreadable(Lease lease, int attempts, RuntimeException problem) {}

    private record Row(long pos, int prio, Claim claim) {}

    private final List<String> plain;
    private final List<Kind> limited;
    private final LongSupplier nanos;
    private final Watermarks[] marks = new Watermarks[LEVELS];
    private final boolean[] active = new boolean[LEVELS];
    private long nextLimited;
    private boolean limitedWait;

    Claims(List<Kind> kinds, LongSupplier nanos) {
        this.plain = kinds.stream()
                .filter(kind -> kind.rate().isEmpty())
                .map(Kind::name)
                .toList();
        this.limited = kinds.stream().filter(kind -> kind.rate().isPresent()).toList();
        this.nanos = nanos;
        for (int level = 0; level < LEVELS; level++) {
            marks[level] = new Watermarks();
        }
    }

    /** When a type with a rate may be handed out again, if some waits for that: nanoseconds from now, at least 0. */
    long limitedWaitNanos() {
        return limitedWait ? Math.max(0, nextLimited - nanos.getAsLong()) : Long.MAX_VALUE;
    }

    /** Tasks may be ready at places that had been claimed. */
    void lookBelow() {
        for (var mark : marks) {
            mark.below();
        }
    }

    /** Up to so many; commits. */
    Claimed claim(Connection connection, int me, int credit) throws SQLException {
        var claimed = new Claimed();
        int left = Math.min(credit, MOST);
        if (!plain.isEmpty() && left > 0) {
            int[] shares = shares(left);
            if (shares.length > 0) {
                left -= claim(connection, me, shares, left, claimed);
            }
            if (left > 0) { // what one level does not need goes to the others, the highest first
                int[] all = new int[LEVELS];
                Arrays.fill(all, left);
                left -= claim(connection, me, all, left, claimed);
            }
        }
        limitedWait = false;
        for (var kind : limited) {
            if (left > 0) {
                int before = claimed.size();
                claimLimited(connection, me, kind, left, claimed);
                left -= claimed.size() - before;
            }
        }
        connection.commit();
        return claimed;
    }

    /** 64, 16, 4 and 1 parts for those that have lately had any; none if none has. */
    private int[] shares(int credit) {
        var shares = new int[LEVELS];
        int parts = 0;
        for (int level = 0; level < LEVELS; level++) {
            parts += active[level] ? 1 << (2 * level) : 0;
        }
        if (parts == 0) {
            return new int[0];
        }
        for (int level = 0; level < LEVELS; level++) {
            shares[level] = active[level] ? Math.max(1, (credit << (2 * level)) / parts) : 0;
        }
        return shares;
    }

    /** Returns how many. */
    private int claim(Connection connection, int me, int[] shares, int most, Claimed to) throws SQLException {
        long now = nanos.getAsLong();
        int before = to.size();
        var levels = new ArrayList<Integer>();
        for (int level = LEVELS - 1; level >= 0; level--) {
            if (shares[level] > 0) {
                levels.add(level);
            }
        }
        var rows = run(connection, me, levels, shares, most, now, to);
        boolean less = rows.size() < most;
        for (int level : levels) {
            long smallest = Long.MAX_VALUE;
            for (var row : rows) {
                smallest = row.prio() == level ? Math.min(smallest, row.pos()) : smallest;
            }
            active[level] = smallest != Long.MAX_VALUE;
            if (active[level]) {
                marks[level].claimed(now, smallest, less);
            } else {
                marks[level].nothing();
            }
        }
        rows.stream()
                .sorted(Comparator.comparingInt(Row::prio).reversed().thenComparingLong(Row::pos))
                .forEach(row -> to.claims().add(row.claim()));
        return to.size() - before;
    }

    private List<Row> run(
            Connection connection, int me, List<Integer> levels, int[] shares, int most, long now, Claimed to)
            throws SQLException {
        try (var statement = connection.prepareStatement(CLAIM)) {
            statement.setArray(1, Columns.ints(connection, levels, level -> level));
            statement.setArray(2, Columns.longs(connection, levels, level -> marks[level].low(now)));
            statement.setArray(3, Columns.ints(connection, levels, level -> shares[level]));
            statement.setInt(4, me);
            statement.setArray(5, Columns.texts(connection, plain));
            statement.setInt(6, most);
            statement.setInt(7, me);
            return rows(statement, me, to);
        }
    }

    private static List<Row> rows(PreparedStatement statement, int me, Claimed to) throws SQLException {
        var found = new ArrayList<Row>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var lease = new Lease(rows.getLong(1), me, rows.getInt(4), rows.getInt(6), rows.getBoolean(12));
                if (rows.getBoolean(9)) {
                    to.cancelled().add(lease);
                    continue;
                }
                try {
                    found.add(new Row(rows.getLong(2), rows.getInt(3), claim(rows, lease)));
                } catch (RuntimeException e) { // of a newer program, or damaged
                    to.unreadable().add(new Unreadable(lease, rows.getInt(7), e));
                }
            }
        }
        return found;
    }

    private static Claim claim(ResultSet rows, Lease lease) throws SQLException {
        TaskOptions options = Bytes.options(rows.getBytes(14));
        var task = new SharedTask(
                lease.taskId(),
                rows.getString(5),
                Bytes.data(rows.getBytes(15)),
                options,
                rows.getInt(10),
                rows.getBoolean(11),
                null);
        return new Claim(lease, task, rows.getInt(7), rows.getInt(8), Math.max(0, rows.getLong(13)) * 1_000, 0);
    }

    // Rates

    private void claimLimited(Connection connection, int me, Kind kind, int credit, Claimed to) throws SQLException {
        long interval = Math.max(1, kind.rate().orElseThrow().intervalNanos() / 1_000);
        try (var statement =
                connection.prepareStatement("insert into rate values (?, clock_timestamp()) on conflict do nothing")) {
            statement.setString(1, kind.name());
            statement.executeUpdate();
        }
        long ahead;
        try (var statement = connection.prepareStatement("""
                select (extract(epoch from greatest(tat, clock_timestamp()) - clock_timestamp()) * 1000000)::bigint
                from rate where type = ? for update""")) {
            statement.setString(1, kind.name());
            try (var rows = statement.executeQuery()) {
                rows.next();
                ahead = Math.max(0, rows.getLong(1));
            }
        }
        long fits = ahead > AHEAD_MICROS ? 0 : (AHEAD_MICROS - ahead) / interval + 1;
        int most = (int) Math.min(credit, fits);
        if (most == 0) {
            waitsForRate((ahead - AHEAD_MICROS + 1) * 1_000);
            return;
        }
        var own = new Claimed();
        claimAnyLevel(connection, me, most, kind.name(), own);
        to.cancelled().addAll(own.cancelled());
        to.unreadable().addAll(own.unreadable());
        int count = own.claims().size();
        for (int i = 0; i < count; i++) {
            var claim = own.claims().get(i);
            long startIn = (ahead + i * interval) * 1_000;
            to.claims()
                    .add(new Claim(
                            claim.lease(), claim.task(), claim.attempts(), claim.deaths(), claim.ageNanos(), startIn));
        }
        if (count > 0) {
            try (var statement = connection.prepareStatement("""
                    update rate set tat = greatest(tat, clock_timestamp()) + ? * interval '1 microsecond'
                    where type = ?""")) {
                statement.setLong(1, count * interval);
                statement.setString(2, kind.name());
                statement.executeUpdate();
            }
            waitsForRate(interval * 1_000);
        }
    }

    private void waitsForRate(long inNanos) {
        long at = nanos.getAsLong() + inNanos;
        nextLimited = limitedWait ? Math.min(nextLimited, at) : at;
        limitedWait = true;
    }

    private void claimAnyLevel(Connection connection, int me, int most, String type, Claimed to) throws SQLException {
        int left = most;
        for (int level = LEVELS - 1; level >= 0 && left > 0; level--) {
            try (var statement = connection.prepareStatement(CLAIM)) {
                statement.setArray(1, Columns.ints(connection, List.of(level), l -> l));
                statement.setArray(2, Columns.longs(connection, List.of(0L)));
                statement.setArray(3, Columns.ints(connection, List.of(left), n -> n));
                statement.setInt(4, me);
                statement.setArray(5, Columns.texts(connection, List.of(type)));
                statement.setInt(6, left);
                statement.setInt(7, me);
                var rows = rows(statement, me, to);
                rows.stream()
                        .sorted(Comparator.comparingLong(Row::pos))
                        .forEach(row -> to.claims().add(row.claim()));
                left -= rows.size();
            }
        }
    }
}
