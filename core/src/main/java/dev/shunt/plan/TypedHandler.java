package dev.shunt.plan;

import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskHandler;
import java.util.Optional;
import java.util.Set;

/**
 * A type of task.
 *
 * @param type what its payload is decoded into
 * @param formerNames class names under which a log may have it
 * @param rate how often its runs may start, if that is limited
 */
public record TypedHandler(Class<?> type, TaskHandler<?> handler, Set<String> formerNames, Optional<RateLimit> rate) {

    public TypedHandler {
        formerNames = Set.copyOf(formerNames);
    }

    boolean isNamed(String name) {
        return type.getName().equals(name) || formerNames.contains(name);
    }
}
