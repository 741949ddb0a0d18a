package dev.shunt.tests.fleet;

import dev.shunt.task.Task;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Notices when two tasks of one key run at the same time, on whatever node. */
final class OneAtATime {

    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final AtomicInteger overlaps = new AtomicInteger();

    /** Every tenth fails the first time. */
    void hold(String key, Task task) {
        if (!held.add(key)) {
            overlaps.incrementAndGet();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        held.remove(key);
        if (task.attempt() == 1 && task.id() % 10 == 0) {
            throw new IllegalStateException("the first attempt of task " + task.id());
        }
    }

    int overlaps() {
        return overlaps.get();
    }
}
