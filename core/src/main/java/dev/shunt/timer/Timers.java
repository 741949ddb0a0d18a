package dev.shunt.timer;

import dev.shunt.time.Nanos;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one process: a clockwork that only hands due actions to the executors they belong to. An action that is
 * late is not made up for: while one run waits or runs, further ones are skipped. Safe for use by any thread.
 */
public final class Timers implements AutoCloseable {

    private final Map<Long, Timer> timers = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final Clockwork clockwork;

    /** Tells when time has come. */
    public interface Clockwork extends AutoCloseable {

        /** Runs something after so many nanoseconds; it must not wait. */
        Future<?> after(long nanos, Runnable action);

        /** Runs something after so many nanoseconds, and again and again after as many; it must not wait. */
        Future<?> every(long nanos, Runnable action);

        /** Nothing runs any more. */
        @Override
        void close();
    }

    /** A thread that does nothing else. */
    private static final class ClockThread implements Clockwork {

        private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("shunt-timers").factory());

        ClockThread() {
            thread.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Future<?> after(long nanos, Runnable action) {
            return thread.schedule(action, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Future<?> every(long nanos, Runnable action) {
            return thread.scheduleAtFixedRate(action, nanos, Math.max(1, nanos), TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    public Timers() {
        this(new ClockThread());
    }

    public Timers(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /** Runs {@code action} on {@code where}, after {@code delay}, and every {@code delay} from then on if it repeats. */
    public long schedule(Executor where, Duration delay, boolean repeat, Runnable action) {
        var timer = new Timer(lastId.incrementAndGet(), where, repeat, action);
        timers.put(timer.id, timer);
        long nanos = Nanos.of(delay);
        timer.clockwork = repeat ? clockwork.every(nanos, timer) : clockwork.after(nanos, timer);
        return timer.id;
    }

    /** Stops a timer; not even an action already handed over runs any more. False if there is none of that id. */
    public boolean cancel(long id) {
        Timer timer = timers.remove(id);
        if (timer == null) {
            return false;
        }
        Future<?> present = timer.clockwork;
        if (present != null) {
            present.cancel(false);
        }
        return true;
    }

    @Override
    public void close() {
        clockwork.close();
    }

    private final class Timer implements Runnable {

        private final long id;
        private final Executor where;
        private final boolean repeat;
        private final Runnable action;
        private final AtomicBoolean handedOver = new AtomicBoolean();
        private volatile @Nullable Future<?> clockwork;

        Timer(long id, Executor where, boolean repeat, Runnable action) {
            this.id = id;
            this.where = where;
            this.repeat = repeat;
            this.action = action;
        }

        /** On the timers' thread. */
        @Override
        public void run() {
            if (handedOver.compareAndSet(false, true)) {
                where.execute(this::act);
            }
        }

        private void act() {
            boolean alive = repeat ? timers.containsKey(id) : timers.remove(id) != null;
            try {
                if (alive) {
                    action.run();
                }
            } finally {
                handedOver.set(false);
            }
        }
    }
}
