package dev.shunt.engine.manager;

import dev.shunt.control.Inspection.Latency;
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

    Latency seen() {
        keep();
        var all = micros;
        if (all == null) {
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
