package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The line of a response that says when it was made; made anew when the second is another. The loop's thread only. */
final class DateLine {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final long SECOND = 1_000;

    private final Clock clock;
    private long second = Long.MIN_VALUE;
    private byte[] line = {};

    DateLine(Clock clock) {
        this.clock = clock;
    }

    byte[] now() {
        long now = clock.epochMillis() / SECOND;
        if (now != second) {
            second = now;
            line = ("Date: " + FORMAT.format(Instant.ofEpochSecond(now)) + "\r\n").getBytes(US_ASCII);
        }
        return line;
    }
}
