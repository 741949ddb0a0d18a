package dev.shunt.worker;

import dev.shunt.check.Check;
import dev.shunt.engine.CurrentEngine;
import java.time.Duration;

/**
 * Timers in Workerman's words. A timer runs on the slot that added it, one at a time with everything else that slot does,
 * and ends with its process. Call from a handler or {@code onWorkerStart}.
 */
public final class Timer {

    private Timer() {}

    /** Runs {@code action} every {@code seconds} until {@link #del}; fractions count. Returns the timer's id. */
    public static long add(double seconds, Runnable action) {
        return add(seconds, action, true);
    }

    /** @param persistent false to run it once */
    public static long add(double seconds, Runnable action, boolean persistent) {
        Check.given("Timer.add", action);
        var delay = duration(seconds);
        var interval =
                persistent ? Check.positive("Timer.add", delay, "to run it once, add it as not persistent") : delay;
        return CurrentEngine.get().engine().schedule(interval, persistent, action);
    }

    static Duration duration(double seconds) {
        return Check.seconds("Timer.add", seconds);
    }

    /** Stops a timer; false if there is none of that id any more. */
    public static boolean del(long id) {
        return CurrentEngine.get().engine().cancel(id);
    }
}
