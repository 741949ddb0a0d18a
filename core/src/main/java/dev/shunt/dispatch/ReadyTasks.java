package dev.shunt.dispatch;

import dev.shunt.task.Priority;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that any free slot may run. Stride scheduling: each level has a pass, the lowest pass goes next and moves on by the
 * level's stride, a quarter of that of the level below. So no level starves, however much waits above it.
 */
@SuppressWarnings("EnumOrdinal") // levels are numbered in the order of their declaration, lowest first
final class ReadyTasks<P> {

    private static final Priority[] LEVELS = Priority.values();

    private final WaitQueue.Total total = new WaitQueue.Total();
    private final List<WaitQueue<P>> queues =
            Stream.generate(() -> new WaitQueue<P>(total)).limit(LEVELS.length).toList();
    private final long[] pass = new long[LEVELS.length];
    private long passNow;

    boolean isEmpty() {
        return total.isZero();
    }

    int size() {
        return queues.stream().mapToInt(WaitQueue::size).sum();
    }

    void add(Work<P> task) {
        queueFor(task).add(task);
    }

    @Nullable Work<P> poll() {
        int next = -1;
        for (int level = LEVELS.length - 1; level >= 0; level--) {
            if (!queues.get(level).isEmpty() && (next < 0 || pass[level] < pass[next])) {
                next = level;
            }
        }
        if (next < 0) {
            return null;
        }
        passNow = pass[next];
        pass[next] += stride(next);
        return queues.get(next).poll();
    }

    private static long stride(int level) {
        return 1L << (2 * (LEVELS.length - 1 - level));
    }

    /** Served in vain, for it has not started: its level has its turn back, as far as no other has used it since. */
    void putBack(Work<P> task) {
        int level = task.policy().priority().ordinal();
        WaitQueue<P> queue = queueFor(task);
        pass[level] = Math.max(pass[level] - stride(level), Math.min(pass[level], passNow));
        queue.addFirst(task);
    }

    /** For a task that is about to wait in it: a level that was empty has saved up nothing. */
    WaitQueue<P> queueFor(Work<P> task) {
        int level = task.policy().priority().ordinal();
        WaitQueue<P> queue = queues.get(level);
        if (queue.isEmpty()) {
            pass[level] = Math.max(pass[level], passNow);
        }
        return queue;
    }

    @Override
    public String toString() {
        return Arrays.toString(LEVELS)
                + ' '
                + queues.stream().map(WaitQueue::size).toList();
    }
}
