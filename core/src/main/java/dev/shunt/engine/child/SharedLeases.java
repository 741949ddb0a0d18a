package dev.shunt.engine.child;

import dev.shunt.ipc.SlotTable;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import dev.shunt.timer.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Leases of tasks that nodes share, in a child: none begins after the horizon, which the manager moves on as long as the node is
 * known to live, and what runs then is interrupted, even if the manager is stopped. Safe for use by any thread.
 */
final class SharedLeases {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final SlotTable table;
    private final Clock clock;
    private final LongConsumer interrupt;
    private final Set<Long> running = ConcurrentHashMap.newKeySet();
    private final Set<Long> interrupted = ConcurrentHashMap.newKeySet();

    SharedLeases(SlotTable table, Clock clock, LongConsumer interrupt) {
        this.table = table;
        this.clock = clock;
        this.interrupt = interrupt;
    }

    /** False if it must not: another node may have the task. */
    boolean begins(long lease, long nowNanos) {
        if (isOver(nowNanos)) {
            return false;
        }
        running.add(lease);
        return true;
    }

    void ended(long lease) {
        running.remove(lease);
        interrupted.remove(lease);
    }

    private boolean isOver(long nowNanos) {
        long horizon = table.horizon();
        return horizon != 0 && nowNanos - horizon > 0;
    }

    /** From now on, again and again. */
    void watch(Timers timers) {
        timers.alarm(LOOK, () -> {
            look();
            watch(timers);
        });
    }

    private void look() {
        if (running.isEmpty() || !isOver(clock.nanoTime())) {
            return;
        }
        for (long lease : running) {
            if (interrupted.add(lease)) {
                Log.of(SharedLeases.class).warn("lease {} is interrupted: other nodes may have its task by now", lease);
                interrupt.accept(lease);
            }
        }
    }
}
