package dev.shunt.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a stop is.
 *
 * @param done 1 if this call began it, or changed how it goes on
 * @param timeoutSeconds after which it no longer waits
 * @param waitsFor a line for each thing, for people
 */
public record Stopping(
        long matched,
        long done,
        String state,
        long pid,
        boolean graceful,
        @Nullable Double timeoutSeconds,
        List<String> waitsFor) {}
