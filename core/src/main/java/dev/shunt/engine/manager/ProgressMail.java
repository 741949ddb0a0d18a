package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Progress of running tasks, on its way to the children that have asked for them: of each task the latest waits while the one
 * before is on its way, or while the child reads more slowly than it is sent to. Lives on the main loop.
 */
final class ProgressMail {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /** Tells it, and runs {@code told} when no more of it is in memory. */
    interface Children {
        boolean isBehind(Origin.InChild asker);

        void tell(Origin.InChild asker, long taskId, Data progress, Runnable told);
    }

    private record Waiting(Origin.InChild asker, Data progress) {}

    private final Children children;
    private final Loop loop;
    private final Map<Long, Waiting> latest = new LinkedHashMap<>();
    private final Set<Long> onTheirWay = new HashSet<>();
    private boolean looks;

    ProgressMail(Children children, Loop loop) {
        this.children = children;
        this.loop = loop;
    }

    void progressed(Origin.InChild asker, long taskId, Data progress) {
        if (latest.put(taskId, new Waiting(asker, progress)) == null) {
            look(taskId);
        }
    }

    /** What is said next of the task is told behind its progress. */
    void tellNow(long taskId) {
        if (!latest.isEmpty()) {
            var waiting = latest.remove(taskId);
            if (waiting != null) {
                children.tell(waiting.asker(), taskId, waiting.progress(), () -> {});
            }
        }
    }

    private void look(long taskId) {
        var waiting = latest.get(taskId);
        if (waiting == null || onTheirWay.contains(taskId)) {
            return;
        }
        if (children.isBehind(waiting.asker())) {
            lookAgain();
            return;
        }
        latest.remove(taskId);
        onTheirWay.add(taskId);
        children.tell(waiting.asker(), taskId, waiting.progress(), () -> {
            onTheirWay.remove(taskId);
            look(taskId);
        });
    }

    private void lookAgain() {
        if (!looks) {
            looks = true;
            var _ = loop.schedule(
                    () -> {
                        looks = false;
                        List.copyOf(latest.keySet()).forEach(this::look);
                    },
                    LOOK_AGAIN);
        }
    }
}
