package dev.shunt.dispatch;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * One task at a time holds an ordering key, first come first served. Knows only who asks for keys, not where that waits or
 * runs: whatever has entered leaves when it is over, whether it held the key or waited for it.
 *
 * <pre>
 *   enter ──► waits ──► holds ──leave──► gone
 *               └───────leave──────────────┘
 * </pre>
 *
 * @param <T> a task, equal to itself alone
 */
final class OrderingKeys<T> {

    /** By key: its holder first, then what waits. Never empty. */
    private final Map<String, SequencedSet<T>> keys = new HashMap<>();

    /** True if the task holds the key, now or already; otherwise it waits, and {@link #leave} returns it in its turn. */
    boolean enter(String key, T task) {
        SequencedSet<T> order = keys.computeIfAbsent(key, _ -> new LinkedHashSet<>(2));
        order.add(task);
        return order.getFirst().equals(task);
    }

    /** The task is over. Returns what holds the key in its place; null if nothing does, or another one held it. */
    @Nullable T leave(String key, T task) {
        SequencedSet<T> order = keys.get(key);
        if (order == null) {
            return null;
        }
        boolean held = order.getFirst().equals(task);
        order.remove(task);
        if (order.isEmpty()) {
            keys.remove(key);
            return null;
        }
        return held ? order.getFirst() : null;
    }

    boolean isHeld(String key) {
        return keys.containsKey(key);
    }

    /** Keys that are held. */
    int size() {
        return keys.size();
    }
}
