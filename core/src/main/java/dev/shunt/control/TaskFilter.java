package dev.shunt.control;

import dev.shunt.check.Check;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks in memory: those of which all that is given is so.
 *
 * @param text contained in the payload
 */
public record TaskFilter(Optional<String> state, Optional<String> type, Optional<String> text) {

    public static final Set<String> STATES = Set.of("queued", "delayed", "held", "storing", "running");

    public static final TaskFilter ALL = new TaskFilter(Optional.empty(), Optional.empty(), Optional.empty());

    public TaskFilter {
        Check.given("type", type);
        Check.given("text", text);
        Check.given("state", state).ifPresent(value -> {
            if (!STATES.contains(value)) {
                throw ControlException.badRequest("state '" + value
                        + "'; tasks are queued, delayed, held, storing or running, and dead letters have /dead");
            }
        });
    }
}
