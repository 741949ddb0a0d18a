package dev.shunt.engine.manager;

import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Deadlines of tasks that the dispatcher, which keeps its own, does not have yet. Lives on the main loop. */
final class Deadlines {

    private final Loop loop;
    private final LongConsumer passed;

    /** By task. */
    private final Map<Long, Future<?>> alarms = new HashMap<>();

    /** @param passed told of each task whose deadline passes while it is watched */
    Deadlines(Loop loop, LongConsumer passed) {
        this.loop = loop;
        this.passed = passed;
    }

    /** @param nanos from now; 0 if it has no deadline */
    void watch(long taskId, long nanos) {
        if (nanos > 0) {
            alarms.put(taskId, loop.schedule(() -> ring(taskId), Duration.ofNanos(nanos)));
        }
    }

    void forget(long taskId) {
        var alarm = alarms.remove(taskId);
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private void ring(long taskId) {
        alarms.remove(taskId);
        passed.accept(taskId);
    }
}
