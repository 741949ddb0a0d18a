package dev.shunt.plan;

import dev.shunt.log.Log;
import dev.shunt.task.Result;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What becomes of results that are not {@code Done} in a program without {@code onTaskFailed}: warnings, of each kind of
 * result no more than {@value #LINES} a second; the next line says how many are left out. Those that a stop rejects are
 * one line of the stop's own. Safe for use by any thread.
 */
final class UnheardResults implements Consumer<Result> {

    private static final Logger LOG = Log.of(UnheardResults.class);

    private static final int LINES = 10;

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    /** The results of one kind. */
    private static final class Kind {

        private long sinceNanos;
        private int lines;
        private long leftOut;
    }

    private final Clock clock;
    private final Map<Class<? extends Result>, Kind> kinds = new HashMap<>();

    UnheardResults(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void accept(Result result) {
        if (result instanceof Result.Rejected rejected && rejected.reason().equals(Result.Rejected.STOPPING)) {
            LOG.debug("no onTaskFailed for {}", result);
            return;
        }
        long leftOut = leftOut(result.getClass());
        if (leftOut == 0) {
            LOG.warn("no onTaskFailed for {}", result);
        } else if (leftOut > 0) {
            LOG.warn(
                    "no onTaskFailed for {}, nor for {} more of its kind since the last of these lines",
                    result,
                    leftOut);
        }
    }

    /** How many of the kind had no line since the last one; -1 if this one has none either. */
    private synchronized long leftOut(Class<? extends Result> type) {
        long now = clock.nanoTime();
        var kind = kinds.computeIfAbsent(type, _ -> new Kind());
        if (now - kind.sinceNanos >= SECOND_NANOS || kind.lines == 0) {
            kind.sinceNanos = now;
            kind.lines = 0;
        }
        if (kind.lines == LINES) {
            kind.leftOut++;
            return -1;
        }
        kind.lines++;
        long leftOut = kind.leftOut;
        kind.leftOut = 0;
        return leftOut;
    }
}
