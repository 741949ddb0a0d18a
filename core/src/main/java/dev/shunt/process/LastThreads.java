package dev.shunt.process;

import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What is left of a process after the programs in it have ended, and whether it will end by itself. */
final class LastThreads {

    /** What {@code main} has to do after {@code start()}, if others than it keep the process alive. */
    private static final Duration AFTER_START = Duration.ofSeconds(3);

    /** For threads on their way out. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(1);

    /** What {@link Thread#join(long)} takes for that. */
    private static final long FOR_EVER = 0;

    /** The id of {@code main}'s thread. */
    private static final long MAIN = 1;

    private LastThreads() {}

    /**
     * Waits until only daemon threads are left, and so the JVM ends: as long as it takes a {@code main} that has started a
     * program and is alone, else a moment.
     */
    static boolean endByThemselves(Set<Thread> starters) {
        for (var starter : starters) {
            if (starter.threadId() == MAIN) {
                await(starter, alive().equals(List.of(starter)) ? FOR_EVER : AFTER_START.toMillis());
            }
        }
        var clock = Clock.system();
        long until = clock.nanoTime() + LAST_STEPS.toNanos();
        for (var left = alive(); !left.isEmpty(); left = alive()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(until - clock.nanoTime());
            if (millis <= 0) {
                return false;
            }
            await(left.getFirst(), millis);
        }
        return true;
    }

    /** Those that keep the JVM alive. When its {@code main} has returned, another one waits for them. */
    private static List<Thread> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && !thread.equals(Thread.currentThread()))
                .filter(thread -> !thread.getName().equals("DestroyJavaVM"))
                .toList();
    }

    private static void await(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
