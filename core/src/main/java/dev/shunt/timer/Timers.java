package dev.shunt.timer;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The timers of one process: a clockwork that only hands due actions to the executors they belong to. An action that is
 * late is not made up for: while one run waits or runs, further ones are skipped. Safe for use by any thread.
 */
public final class Timers implements AutoCloseable {

    private static final Logger LOG = Log.of(Timers.class);

    private final Map<Long, Timer> timers = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private volatile boolean stopped;
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

        private final FatalErrors fatal;

        ClockThread(FatalErrors fatal) {
            this.fatal = fatal;
            thread.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Future<?> after(long nanos, Runnable action) {
            return thread.schedule(fatal.guard(action), nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Future<?> every(long nanos, Runnable action) {
            return thread.scheduleAtFixedRate(fatal.guard(action), nanos, Math.max(1, nanos), TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    public Timers() {
        this(new FatalErrors());
    }

    /** @param fatal ends the process if the thread of the clock dies */
    public Timers(FatalErrors fatal) {
        this(new ClockThread(fatal));
    }

    public Timers(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /**
     * Runs {@code action} on {@code where}, after {@code delay}, and every {@code delay} from then on if it repeats. Once
     * stopped, it never does; the log says so.
     */
    public long schedule(Executor where, Duration delay, boolean repeat, Runnable action) {
        var timer = new Timer(lastId.incrementAndGet(), where, repeat, action);
        timers.put(timer.id, timer);
        if (stopped && timers.remove(timer.id) != null) {
            LOG.warn("a timer of {} was set while its worker stops; it never goes off", delay);
            return timer.id;
        }
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

    /** Calls {@code action} once after {@code delay}, on the timers' own thread: it must not wait. Not for programs. */
    public void alarm(Duration delay, Runnable action) {
        var _ = clockwork.after(Nanos.of(delay), action);
    }

    /** The slots that they belong to end: none goes off any more. One line of the log says how many are dropped. */
    public void stop() {
        stopped = true;
        int once = 0;
        int repeating = 0;
        for (var timer : timers.values()) {
            if (cancel(timer.id)) {
                once += timer.repeat ? 0 : 1;
                repeating += timer.repeat ? 1 : 0;
            }
        }
        if (once + repeating > 0) {
            String line = "stopping: {} timers that had yet to go off are dropped, {} that repeat end";
            if (once > 0) {
                LOG.warn(line, once, repeating);
            } else {
                LOG.info(line, once, repeating);
            }
        }
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

        private final NamedAction onSlot = new NamedAction() {
            @Override
            public void run() {
                act();
            }

            @Override
            public String kind() {
                return "a timer";
            }

            @Override
            public String toString() {
                return "timer " + id;
            }
        };

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
                handOver();
            }
        }

        private void handOver() {
            try {
                where.execute(onSlot);
            } catch (RejectedExecutionException e) {
                cancel(id); // where it belongs has stopped
            }
        }

        private void act() {
            boolean alive = repeat ? timers.containsKey(id) : timers.remove(id) != null;
            try {
                if (alive) {
                    action.run();
                }
            } catch (Throwable e) { // the program's own code; one that repeats goes on
                FatalErrors.letOn(e);
                LOG.error("the action of timer {} threw", id, e);
            } finally {
                handedOver.set(false);
            }
        }
    }
}
