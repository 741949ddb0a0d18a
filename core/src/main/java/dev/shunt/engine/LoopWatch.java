package dev.shunt.engine;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import dev.shunt.timer.NamedAction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Runs the program's code on event loops, and names in the log what holds one up, at most one line of a kind in ten seconds:
 * a warning, but for the first of its kind, which may be the loading of its classes. Safe for use by any thread.
 */
public final class LoopWatch {

    private static final Logger LOG = Log.of(LoopWatch.class);

    /** What takes longer is told of: the connections of the loop have waited for it. */
    private static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

    /** The first run of a handler, whose classes are loaded, may take as long as this on busy cores; that is nobody's fault. */
    private static final long COLD_NANOS = Duration.ofMillis(300).toNanos();

    private static final String ON_PLAIN_FUTURE = "a callback of a plain future";

    private static final String ANYTHING = "a callback";

    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    /** What was slow, of one kind. */
    private static final class Slow {
        final AtomicLong warnedAt = new AtomicLong();
        final LongAdder runs = new LongAdder();
    }

    private final Clock clock;
    private final Map<String, Slow> byKind = new ConcurrentHashMap<>();

    public LoopWatch(Clock clock) {
        this.clock = clock;
    }

    /** Runs it, and logs what it throws. */
    public void run(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) { // the program's own code; the loop lives on
            FatalErrors.letOn(e);
            LOG.error("{} threw", name(callback), e);
        }
    }

    /**
     * Names what was slow.
     *
     * @param last of the callbacks that have taken so long
     * @param others that ran before it
     */
    public void took(Runnable last, int others, long nanos) {
        if (isSlow(nanos)) {
            Object name = others == 0 ? name(last) : name(last) + " and the " + others + " right before it";
            warn(last instanceof NamedAction named ? named.kind() : ANYTHING, name, nanos);
        }
    }

    /**
     * Completes something, of which callbacks may depend that run at once, on this thread: those of plain futures, as that of
     * {@code CompletableFuture.allOf}, which know no slot.
     */
    public void complete(Object what, Runnable completion) {
        long began = now();
        completion.run();
        long nanos = now() - began;
        if (isSlow(nanos)) {
            String of = "a callback of a plain future, as that of CompletableFuture.allOf, that waited for ";
            warn(ON_PLAIN_FUTURE, of + what, nanos);
        }
    }

    private static Object name(Runnable action) {
        return action instanceof NamedAction ? action : ANYTHING;
    }

    /** By the monotonic clock. */
    public long now() {
        return clock.nanoTime();
    }

    public static boolean isSlow(long nanos) {
        return nanos > SLOW_NANOS;
    }

    /** @param name says in its {@code toString} what it is that ran */
    public void warn(String kind, Object name, long nanos) {
        var slow = byKind.computeIfAbsent(kind, _ -> new Slow());
        boolean first = slow.runs.sum() == 0;
        slow.runs.increment();
        if (first && nanos < COLD_NANOS) {
            LOG.info(
                    "{} held up its event loop for {} ms, once: its classes may have been loaded", name, millis(nanos));
            return;
        }
        long now = now();
        long last = slow.warnedAt.get();
        if ((last == 0 || now - last > QUIET_NANOS) && slow.warnedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "{} held up its event loop for {} ms ({} slow runs so far);"
                            + " give the work to task() or handlers to slots",
                    name,
                    millis(nanos),
                    slow.runs.sum());
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
