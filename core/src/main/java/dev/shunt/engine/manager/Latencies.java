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

    private long sumNanos;

    void add(long nanos) {
        long positive = Math.max(0, nanos);
        if (micros == null) {
            micros = new Histogram(DIGITS);
        }
        micros.recordValue(Math.min(positive / NANOS_PER_MICRO, MAX_MICROS));
        sumNanos += positive;
    }

    long count() {
        return micros == null ? 0 : micros.getTotalCount();
    }

    Times times() {
        return micros == null
                ? Times.NONE
                : new Times(micros.getTotalCount(), sumNanos / 1e9, micros.getMaxValue() / MICROS_PER_SECOND);
    }

    Latency seen() {
        return seen(micros, sumNanos);
    }

    /** Of all together; null is none. */
    static Latency seen(@Nullable Latencies[] parts) {
        Histogram all = null;
        boolean ours = false;
        long sumNanos = 0;
        for (var part : parts) {
            if (part != null && part.micros != null) {
                sumNanos += part.sumNanos;
                if (all == null) {
                    all = part.micros;
                } else {
                    all = ours ? all : all.copy();
                    ours = true;
                    all.add(part.micros);
                }
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
