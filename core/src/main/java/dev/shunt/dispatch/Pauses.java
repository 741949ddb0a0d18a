package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may not start for now: everything, or tasks of some types, which wait here meanwhile, first come first served. What
 * runs goes on. Owned by {@link Leasing}.
 */
final class Pauses<P> {

    /** By type; -1 are those of none. */
    private final TreeMap<Integer, WaitQueue<P>> types = new TreeMap<>();

    private boolean all;

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
        WaitQueue<P> queue = types.remove(type);
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
        WaitQueue<P> queue = types.isEmpty() ? null : types.get(task.type());
        if (queue != null) {
            queue.add(task);
        }
        return queue != null;
    }

    /** As {@link #holds}, before others, for it had not started. */
    boolean takesBack(Work<P> task) {
        WaitQueue<P> queue = types.isEmpty() ? null : types.get(task.type());
        if (queue != null) {
            queue.addFirst(task);
        }
        return queue != null;
    }

    int size() {
        return types.values().stream().mapToInt(WaitQueue::size).sum();
    }
}
