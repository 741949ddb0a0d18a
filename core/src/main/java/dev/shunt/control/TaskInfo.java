package dev.shunt.control;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that has not ended, or a dead letter.
 *
 * @param state {@code queued}, {@code delayed}, {@code held}, {@code storing}, {@code running} or {@code dead}
 * @param attempt how many have begun
 * @param seconds since it was accepted; of a running one since it started
 * @param key under which it is ordered
 * @param uniqueKey under which there is one at a time
 * @param payload the object, the text, or of bytes how many
 * @param cut whether the payload is longer than a list shows
 * @param headers that go with it, where one task is asked for; left out if there are none
 * @param reason of a dead letter
 */
public record TaskInfo(
        long id,
        String type,
        String group,
        String state,
        int attempt,
        double seconds,
        @Nullable Instant accepted,
        @Nullable Instant due,
        boolean durable,
        long bytes,
        @Nullable String key,
        @Nullable String uniqueKey,
        @Nullable Integer slot,
        @Nullable Long pid,
        @Nullable Object progress,
        @Nullable Object payload,
        @Nullable Boolean cut,
        @Nullable Map<String, String> headers,
        @Nullable String reason) {}
