package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.timer.Timers;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * When a child has had enough: it says so, as if it had been told to leave, and its successor serves first. Events that the
 * manager gives it are counted there, those of its own sockets here. Safe for use by any thread.
 */
final class Retirement {

    private static final Logger LOG = Log.of(Retirement.class);
    private static final Duration LOOK_AT_MEMORY = Duration.ofSeconds(1);

    private final ManagerLink manager;
    private final long maxBytes;

    /** 0 for any number. */
    private final long maxRuns;

    private final AtomicLong runs = new AtomicLong();
    private final AtomicBoolean leaving = new AtomicBoolean();

    Retirement(Group group, int slots, ManagerLink manager) {
        this.manager = manager;
        var recycling = group.recycling();
        maxBytes = recycling.maxMemoryBytes();
        maxRuns = recycling.maxRuns() == 0
                ? 0
                : (long) recycling.maxRuns() * slots
                        + ThreadLocalRandom.current().nextLong(recycling.maxRunsSpread() + 1L);
    }

    void watchMemory(Timers timers) {
        if (maxBytes > 0) {
            timers.schedule(Runnable::run, LOOK_AT_MEMORY, true, () -> {
                long bytes = ResidentMemory.bytes();
                if (bytes > maxBytes && leaving.compareAndSet(false, true)) {
                    LOG.info(
                            "this process has {} bytes in memory, and may have {}: it is to be replaced",
                            bytes,
                            maxBytes);
                    manager.tell(new Frame.Leaving());
                }
            });
        }
    }

    /** An event of one of its own sockets. */
    void ran() {
        if (maxRuns > 0 && runs.incrementAndGet() >= maxRuns && leaving.compareAndSet(false, true)) {
            manager.tell(new Frame.Leaving());
        }
    }
}
