package dev.shunt.testkit;

import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The program's own timers, by the clock of a loop; counts how often one went off. */
final class ManualClockwork implements Timers.Clockwork {

    private final Loop loop;
    private long wentOff;

    ManualClockwork(Loop loop) {
        this.loop = loop;
    }

    long wentOff() {
        return wentOff;
    }

    @Override
    public Future<?> after(long nanos, Runnable action) {
        return loop.schedule(() -> run(action), Duration.ofNanos(nanos));
    }

    private void run(Runnable action) {
        wentOff++;
        action.run();
    }

    /** However far the clock moves at once, it goes off once. */
    @Override
    public Future<?> every(long nanos, Runnable action) {
        var repeating = new Repeating(Math.max(1, nanos), action);
        repeating.arm();
        return repeating;
    }

    private final class Repeating extends CompletableFuture<@Nullable Void> {

        private final long nanos;
        private final Runnable action;
        private @Nullable Future<?> next;

        Repeating(long nanos, Runnable action) {
            this.nanos = nanos;
            this.action = action;
        }

        void arm() {
            next = after(nanos, () -> {
                arm();
                action.run();
            });
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            if (next != null) {
                next.cancel(false);
            }
            return super.cancel(mayInterrupt);
        }
    }

    @Override
    public void close() {}
}
