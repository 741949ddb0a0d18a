package dev.shunt.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule of the program.
 *
 * @param when as it was declared
 * @param last when it was submitted last
 * @param lastOutcome of that task: {@code running} until it has ended, {@code threw} if none could be made
 * @param skipped times that came while it was paused
 */
public record ScheduleInfo(
        String name,
        String when,
        @Nullable Instant next,
        boolean paused,
        @Nullable Instant last,
        @Nullable Long lastId,
        @Nullable String lastOutcome,
        long fired,
        long skipped) {}
