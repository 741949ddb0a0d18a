package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * At most one task holds a unique key; others are dropped, end with it, or take the key after it. Knows only who asks
 * for keys, not where that waits or runs: whatever was told to {@link #take}, {@link #join} or {@link #replace} leaves
 * when it is over.
 *
 * <pre>
 *   take ─────► holds ──leave──► gone
 *                 ▲
 *   replace ──► next  ──leave──► gone
 *
 *   join ─────► joined to next, else to the holder; gone when that leaves, or before
 * </pre>
 *
 * @param <T> a task, equal to itself alone
 */
final class UniqueKeys<T> {

    /** What leaves with a task, in the order in which it joined, and what holds the key in its place. */
    record Left<T>(List<T> joined, @Nullable T successor) {}

    private static final class Claim<T> {
        private final T task;
        private final Set<T> joined = new LinkedHashSet<>(2);
        private @Nullable Claim<T> next;

        Claim(T task) {
            this.task = task;
        }
    }

    /** By key: what holds it. */
    private final Map<String, Claim<T>> holders = new HashMap<>();

    /** The key's holder if there is one already; null if the task holds it from now on. */
    @Nullable T take(String key, T task) {
        Claim<T> holder = holders.get(key);
        if (holder != null) {
            return holder.task;
        }
        holders.put(key, new Claim<>(task));
        return null;
    }

    @Nullable T holder(String key) {
        Claim<T> holder = holders.get(key);
        return holder == null ? null : holder.task;
    }

    /** What takes the key when its holder leaves; null if nothing does. */
    @Nullable T next(String key) {
        Claim<T> holder = holders.get(key);
        return holder == null || holder.next == null ? null : holder.next.task;
    }

    /** The task takes the key when its holder leaves. What was to take it before must have left. */
    void replace(String key, T task) {
        Claim<T> holder = claim(key);
        if (holder.next != null) {
            throw new IllegalStateException(holder.next.task + " is to take the unique key '" + key + "' already");
        }
        holder.next = new Claim<>(task);
    }

    /** The task leaves with what takes the key next, or else with its holder. */
    void join(String key, T task) {
        Claim<T> holder = claim(key);
        (holder.next == null ? holder : holder.next).joined.add(task);
    }

    /** What has joined its holder, which is over and keeps the key for a while. */
    List<T> takeJoined(String key, T task) {
        Claim<T> holder = holders.get(key);
        if (holder == null || !holder.task.equals(task)) {
            return List.of();
        }
        var joined = List.copyOf(holder.joined);
        holder.joined.clear();
        return joined;
    }

    /** The task is over. */
    Left<T> leave(String key, T task) {
        Claim<T> holder = holders.get(key);
        Claim<T> next = holder == null ? null : holder.next;
        if (holder != null && holder.task.equals(task)) {
            return pass(key, holder);
        }
        if (holder != null && next != null && next.task.equals(task)) {
            holder.next = null;
            return new Left<>(new ArrayList<>(next.joined), null);
        }
        if (holder != null && !holder.joined.remove(task) && next != null) {
            next.joined.remove(task);
        }
        return new Left<>(List.of(), null);
    }

    private Left<T> pass(String key, Claim<T> holder) {
        Claim<T> next = holder.next;
        if (next == null) {
            holders.remove(key);
        } else {
            holders.put(key, next);
        }
        return new Left<>(new ArrayList<>(holder.joined), next == null ? null : next.task);
    }

    /** The task has joined another one. */
    boolean hasJoined(String key, T task) {
        Claim<T> holder = holders.get(key);
        return holder != null
                && (holder.joined.contains(task) || (holder.next != null && holder.next.joined.contains(task)));
    }

    /** Keys that are held. */
    int size() {
        return holders.size();
    }

    /** Tasks that have joined others. */
    int joined() {
        return holders.values().stream()
                .mapToInt(holder -> holder.joined.size() + (holder.next == null ? 0 : holder.next.joined.size()))
                .sum();
    }

    private Claim<T> claim(String key) {
        Claim<T> holder = holders.get(key);
        if (holder == null) {
            throw new IllegalStateException("nothing holds the unique key '" + key + "'");
        }
        return holder;
    }
}
