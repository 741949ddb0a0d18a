package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may not start for now: everything, or tasks of some types, or those that somebody has asked for, which wait here
 * meanwhile, first come first served. What runs goes on. Owned by {@link Leasing}.
 */
final class Pauses<P> {

    /** By type; -1 are those of none. */
    private final TreeMap<Integer, WaitQueue<P>> types = new TreeMap<>();

    /** By who has asked for them. */
    private final Map<Object, WaitQueue<P>> askers = new HashMap<>();

    private final Function<P, @Nullable Object> askerOf;

    private boolean all;

    /** @param askerOf who has asked for what a work is about; null if it is nobody whose works may be held up */
    Pauses(Function<P, @Nullable Object> askerOf) {
        this.askerOf = askerOf;
    }

    boolean all() {
        return all;
    }

    /** False if it was so before. */
    boolean all(boolean paused) {
        boolean changes = all != paused;
        all = paused;
        return changes;
    }

    /** False if it was so before. */
    boolean pause(int type) {
        return types.putIfAbsent(type, new WaitQueue<>()) == null;
    }

    /** What has waited, in its order; null if the type was not paused. */
    @Nullable List<Work<P>> resume(int type) {
        return all(types.remove(type));
    }

    /** As {@link #pause(int)}, of what this one has asked for. */
    boolean pauseOf(Object asker) {
        return askers.putIfAbsent(asker, new WaitQueue<>()) == null;
    }

    /** As {@link #resume}, of what this one has asked for. */
    @Nullable List<Work<P>> resumeOf(Object asker) {
        return all(askers.remove(asker));
    }

    private static <P> @Nullable List<Work<P>> all(@Nullable WaitQueue<P> queue) {
        if (queue == null) {
            return null;
        }
        var waited = new ArrayList<Work<P>>();
        for (Work<P> next = queue.poll(); next != null; next = queue.poll()) {
            waited.add(next);
        }
        return waited;
    }

    Set<Integer> paused() {
        return Set.copyOf(types.keySet());
    }

    /** Whether it waits here from now on. */
    boolean holds(Work<P> task) {
        WaitQueue<P> queue = queueOf(task);
        if (queue != null) {
            queue.add(task);
        }
        return queue != null;
    }

    /** As {@link #holds}, before others, for it had not started. */
    boolean takesBack(Work<P> task) {
        WaitQueue<P> queue = queueOf(task);
        if (queue != null) {
            queue.addFirst(task);
        }
        return queue != null;
    }

    /** Null if it may start. */
    private @Nullable WaitQueue<P> queueOf(Work<P> task) {
        WaitQueue<P> ofType = types.isEmpty() ? null : types.get(task.type());
        if (ofType != null || askers.isEmpty()) {
            return ofType;
        }
        Object asker = askerOf.apply(task.item());
        return asker == null ? null : askers.get(asker);
    }

    int size() {
        return Stream.concat(types.values().stream(), askers.values().stream())
                .mapToInt(WaitQueue::size)
                .sum();
    }
}
