package dev.shunt.examples.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What the demo found out; as JSON it is the content of the file that {@code --json} names. */
record Figures(int users, OfWay inline, OfWay tasks) {

    /**
     * One way to send the mails.
     *
     * @param delivered users who got theirs
     * @param duplicates mails beyond the first to a user
     * @param seconds from the first request to the last answer
     */
    record OfWay(int delivered, int duplicates, double seconds, Ping ping) {}

    /** How long the other client waited for its answers. */
    record Ping(
            @JsonProperty("p50_us") long p50Micros,
            @JsonProperty("p99_us") long p99Micros,
            @JsonProperty("max_us") long maxMicros) {}

    /** Whether each user got one mail each way, no more and no less. */
    boolean exactlyOnce() {
        return exactlyOnce(inline) && exactlyOnce(tasks);
    }

    private boolean exactlyOnce(OfWay way) {
        return way.delivered == users && way.duplicates == 0;
    }

    String table() {
        String head =
                "%-16s%11s%12s%9s%15s%15s%15s"
                        .formatted(
                                "",
                                "delivered",
                                "duplicates",
                                "seconds",
                                "ping p50 (ms)",
                                "ping p99 (ms)",
                                "ping max (ms)");
        return String.join("\n", head, row(Way.INLINE, inline), row(Way.TASKS, tasks));
    }

    private static String row(Way way, OfWay figures) {
        return String.format(
                Locale.ROOT,
                "%-16s%,11d%,12d%,9.2f%,15.2f%,15.2f%,15.2f",
                way.title(),
                figures.delivered,
                figures.duplicates,
                figures.seconds,
                figures.ping.p50Micros / 1e3,
                figures.ping.p99Micros / 1e3,
                figures.ping.maxMicros / 1e3);
    }
}
