package dev.shunt.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the dead letters.
 *
 * @param total how many there are of those that match
 * @param of how many there are of all
 * @param groups those that match, by what they have in common, the most frequent first
 */
public record DeadPage(List<Letter> dead, int page, int size, long total, long of, List<Group> groups) {

    /**
     * @param error the first line of the reason
     * @param outcome {@code failed}, {@code lost}, {@code timed_out} or {@code rejected}
     * @param reason what the last attempt threw, with its stack, or why it was lost
     */
    public record Letter(
            long id,
            String type,
            String error,
            String outcome,
            int attempts,
            Instant died,
            Instant accepted,
            String reason,
            @Nullable Object payload,
            @Nullable Boolean cut) {}

    /**
     * @param error the exception
     * @param at the topmost frame that is not the JDK's
     * @param cause stands for type, error and at together, and is the same for the same
     */
    public record Group(
            String type, String error, @Nullable String at, String cause, long count, Instant first, Instant last) {}
}
