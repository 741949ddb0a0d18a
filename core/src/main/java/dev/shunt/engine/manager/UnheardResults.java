package dev.shunt.engine.manager;

import dev.shunt.timer.Loop;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Results that handlers have given before they end, and that whoever asked has not come to, by task. While there are too
 * many of one, its handler is held in {@code finish}. Added to on the main loop, heard of on any thread.
 */
final class UnheardResults {

    static final int MAX_RESULTS = 256;
    static final long MAX_BYTES = 1 << 20;

    private record Unheard(int results, long bytes, boolean held, Reporter by) {

        boolean isFull() {
            return results >= MAX_RESULTS || bytes >= MAX_BYTES;
        }

        boolean isHalfEmpty() {
            return results <= MAX_RESULTS / 2 && bytes <= MAX_BYTES / 2;
        }

        Unheard with(int more, long moreBytes, Reporter now) {
            var changed = new Unheard(results + more, bytes + moreBytes, held, now);
            return new Unheard(changed.results, changed.bytes, held ? !changed.isHalfEmpty() : changed.isFull(), now);
        }
    }

    private final Loop loop;
    private final Map<Long, Unheard> byTask = new ConcurrentHashMap<>();

    /** Tasks whose handlers have been told to wait. The main loop only. */
    private final Set<Long> held = new HashSet<>();

    UnheardResults(Loop loop) {
        this.loop = loop;
    }

    /** @return to be run once it is heard, by any thread */
    Runnable add(long taskId, int bytes, Reporter by) {
        Unheard now = byTask.merge(
                taskId, new Unheard(1, bytes, bytes >= MAX_BYTES, by), (waiting, _) -> waiting.with(1, bytes, by));
        if (now.held && held.add(taskId)) {
            by.hold(true);
        }
        return () -> heard(taskId, bytes);
    }

    private void heard(long taskId, int bytes) {
        byTask.computeIfPresent(taskId, (_, waiting) -> {
            Unheard now = waiting.results == 1 ? null : waiting.with(-1, -bytes, waiting.by);
            if (waiting.held && (now == null || !now.held)) {
                loop.execute(() -> goOn(taskId, waiting.by));
            }
            return now;
        });
    }

    /** Unless it has said too much again. */
    private void goOn(long taskId, Reporter by) {
        Unheard now = byTask.get(taskId);
        if ((now == null || !now.held) && held.remove(taskId)) {
            by.hold(false);
        }
    }
}
