package dev.shunt.engine.manager;

import dev.shunt.control.Inspection.Latency;
import dev.shunt.control.Measures.Times;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** How long something took, each time; exact to one per cent, from a microsecond on. Lives on the main loop. */
final class Latencies {

    private static final int DIGITS = 2;
    private static final long NANOS_PER_MICRO = 1000;
    private static final double MICROS_PER_SECOND = 1e6;

    /** A hundred years; what a clock that was set makes of a time is none. */
    private static final long MAX_MICROS = 3_200_000_000_000_000L;

    /** Made when there is something to keep. */
    private @Nullable Histogram micros;

    /** What came last, and how often in a row: most tasks of a turn of the loop take as long as the one before. */
    private long last;

    private long times;
    private long sumNanos;

    void add(long nanos) {
        long positive = Math.max(0, nanos);
        long now = Math.min(positive / NANOS_PER_MICRO, MAX_MICROS);
        if (now != last) {
            keep();
            last = now;
        }
        times++;
        sumNanos += positive;
    }

    private void keep() {
        if (times > 0) {
            if (micros == null) {
                micros = new Histogram(DIGITS);
            }
            micros.recordValueWithCount(last, times);
            times = 0;
        }
    }

    /** All that was added; null if nothing was. */
    private @Nullable Histogram kept() {
        keep();
        return micros;
    }

    Times times() {
        var all = kept();
        return all == null
                ? Times.NONE
                : new Times(all.getTotalCount(), sumNanos / 1e9, all.getMaxValue() / MICROS_PER_SECOND);
    }

    Latency seen() {
        return seen(kept(), sumNanos);
    }

    /** Of all together; null is none. */
    static Latency seen(@Nullable Latencies[] parts) {
        var all = new Histogram(DIGITS);
        long sumNanos = 0;
        for (var part : parts) {
            var of = part == null ? null : part.kept();
            if (part != null && of != null) {
                all.add(of);
                sumNanos += part.sumNanos;
            }
        }
        return seen(all, sumNanos);
    }

    private static Latency seen(@Nullable Histogram all, long sumNanos) {
        if (all == null || all.getTotalCount() == 0) {
            return Latency.NONE;
        }
        long count = all.getTotalCount();
        return new Latency(
                count,
                sumNanos / (count * 1e9),
                all.getValueAtPercentile(50) / MICROS_PER_SECOND,
                all.getValueAtPercentile(95) / MICROS_PER_SECOND,
                all.getValueAtPercentile(99) / MICROS_PER_SECOND,
                all.getMaxValue() / MICROS_PER_SECOND);
    }
}
