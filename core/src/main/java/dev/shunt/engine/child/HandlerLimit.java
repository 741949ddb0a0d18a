package dev.shunt.engine.child;

import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How long one run of a handler may take: then it is interrupted, and a second later, if it goes on, somebody is told. Begins
 * when it is made. Safe for use by any thread.
 */
final class HandlerLimit {

    static final HandlerLimit NONE = new HandlerLimit();

    private static final Duration GRACE = Duration.ofSeconds(1);

    private enum State {
        RUNS,
        OVERDUE,
        ENDED,
        ENDED_LATE
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNS);
    private final @Nullable Runnable cancel;

    private HandlerLimit() {
        cancel = null;
    }

    HandlerLimit(Loop loop, Duration limit, Runnable interrupt, Runnable goesOn) {
        var alarm = loop.schedule(
                () -> {
                    if (state.compareAndSet(State.RUNS, State.OVERDUE)) {
                        interrupt.run();
                        var _ = loop.schedule(
                                () -> {
                                    if (state.get() == State.OVERDUE) {
                                        goesOn.run();
                                    }
                                },
                                GRACE);
                    }
                },
                limit);
        cancel = () -> alarm.cancel(false);
    }

    /** The handler has ended: whether it was in time. */
    boolean inTime() {
        if (cancel == null) {
            return true;
        }
        cancel.run();
        if (state.compareAndSet(State.RUNS, State.ENDED)) {
            return true;
        }
        state.set(State.ENDED_LATE);
        return false;
    }
}
