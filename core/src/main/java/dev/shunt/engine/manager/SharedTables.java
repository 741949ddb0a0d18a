package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.plan.SharedLimit;
import dev.shunt.question.OfTables;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries that all processes of the program share, by table and key: they live as long as the manager. Bounded in number
 * and bytes, all tables together; what has expired is gone before anything else is done. Safe for use by any thread.
 */
final class SharedTables {

    private static final int ENTRY_BYTES = 64;

    /** @param dueNanos when it expires; of no meaning if it does not */
    private record Entry(Data value, boolean expires, long dueNanos, long bytes) {

        Entry with(String key, Data next) {
            return new Entry(next, expires, dueNanos, cost(key, next));
        }
    }

    private record Expiry(String table, String key, Entry entry) {}

    private final Clock clock;
    private final SharedLimit limit;
    private final Map<String, NavigableMap<String, Entry>> tables = new HashMap<>();
    private final PriorityQueue<Expiry> expiries = new PriorityQueue<>(
            (a, b) -> Long.signum(a.entry().dueNanos() - b.entry().dueNanos()));
    private int entries;
    private long bytes;

    SharedTables(SharedLimit limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    private static long cost(String key, Data value) {
        return (long) ENTRY_BYTES + key.length() + value.size();
    }

    synchronized Object answer(OfTables<?> question) {
        forgetExpired();
        return switch (question) {
            case OfTables.Get(String table, String key) ->
                Optional.ofNullable(get(table, key)).map(Entry::value);
            case OfTables.Put(String table, String key, var value, long nanos, boolean onlyNew) -> {
                boolean puts = !onlyNew || get(table, key) == null;
                if (puts) {
                    boolean expires = nanos != OfTables.FOR_EVER;
                    long due = expires ? clock.nanoTime() + Math.min(nanos, Nanos.MAX.toNanos()) : 0;
                    put(table, key, new Entry(value, expires, due, cost(key, value)));
                }
                yield puts;
            }
            case OfTables.CompareAndSet(String table, String key, var expected, var next) ->
                compareAndSet(table, key, expected.orElse(null), next);
            case OfTables.Increment(String table, String key, long by) -> increment(table, key, by);
            case OfTables.Remove(String table, String key) -> remove(table, key);
            case OfTables.Keys(String table, String after, int limit) ->
                of(table).tailMap(after, false).keySet().stream().limit(limit).toList();
            case OfTables.Size(String table) -> of(table).size();
        };
    }

    private NavigableMap<String, Entry> of(String table) {
        return tables.getOrDefault(table, new TreeMap<>());
    }

    private @Nullable Entry get(String table, String key) {
        var known = tables.get(table);
        return known == null ? null : known.get(key);
    }

    private boolean compareAndSet(String table, String key, @Nullable Data expected, Data next) {
        var present = get(table, key);
        boolean same;
        if (expected == null || present == null) {
            same = expected == null && present == null;
        } else {
            same = Arrays.equals(expected.bytes(), present.value().bytes());
        }
        if (same) {
            put(table, key, present == null ? new Entry(next, false, 0, cost(key, next)) : present.with(key, next));
        }
        return same;
    }

    private long increment(String table, String key, long by) {
        var present = get(table, key);
        long next = sum(table, key, present == null ? 0 : number(table, key, present.value()), by);
        var value = Data.received(Data.Kind.OBJECT, Data.of(Long.toString(next)).bytes(), Codec.json());
        put(table, key, present == null ? new Entry(value, false, 0, cost(key, value)) : present.with(key, value));
        return next;
    }

    private static long sum(String table, String key, long present, long by) {
        try {
            return Math.addExact(present, by);
        } catch (ArithmeticException e) {
            throw new IllegalStateException(
                    named(table, key) + " is " + present + ", and with " + by + " more too large for a long; it stays",
                    e);
        }
    }

    private static long number(String table, String key, Data value) {
        try {
            return Long.parseLong(value.text());
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    named(table, key) + " is no whole number, and cannot be counted: "
                            + (value.size() > 40 ? value.size() + " bytes" : "'" + value.text() + "'"),
                    e);
        }
    }

    private static String named(String table, String key) {
        return table.isEmpty() ? "the counter '" + key + "'" : "'" + key + "' of table '" + table + "'";
    }

    private void put(String table, String key, Entry entry) {
        var before = get(table, key);
        int entriesThen = entries + (before == null ? 1 : 0);
        long bytesThen = bytes + entry.bytes() - (before == null ? 0 : before.bytes());
        if (entriesThen > limit.maxEntries() || (bytesThen > limit.maxBytes() && bytesThen > bytes)) {
            throw new IllegalStateException("there is no room for " + named(table, key) + ": all tables hold " + entries
                    + " entries with " + bytes + " bytes, and may hold " + limit.maxEntries() + " with "
                    + limit.maxBytes() + "; remove some, give them a time to live, or raise sharedMap(entries, bytes)");
        }
        entries = entriesThen;
        bytes = bytesThen;
        tables.computeIfAbsent(table, _ -> new TreeMap<>()).put(key, entry);
        if (entry.expires()) {
            expiries.add(new Expiry(table, key, entry));
        }
        if (expiries.size() > 2 * entries + ENTRY_BYTES) {
            expiries.removeIf(expiry -> !isCurrent(expiry));
        }
    }

    private boolean remove(String table, String key) {
        var entry = of(table).remove(key);
        if (entry == null) {
            return false;
        }
        entries--;
        bytes -= entry.bytes();
        if (of(table).isEmpty()) {
            tables.remove(table);
        }
        return true;
    }

    private void forgetExpired() {
        for (var next = expiries.peek();
                next != null && next.entry().dueNanos() - clock.nanoTime() <= 0;
                next = expiries.peek()) {
            expiries.remove();
            if (isCurrent(next)) {
                remove(next.table(), next.key());
            }
        }
    }

    /** Whether it is the entry that is there now: another one may have been put since. */
    @SuppressWarnings("ReferenceEquality") // identity is meant
    private boolean isCurrent(Expiry expiry) {
        return get(expiry.table(), expiry.key()) == expiry.entry();
    }
}
