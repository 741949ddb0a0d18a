package dev.shunt.engine;

import dev.shunt.timer.NamedAction;

/**
 * A callback of the program's that there is one of.
 *
 * @param kind its name, such as {@code onPipeMessage}
 */
public record NamedCallback(String kind, Runnable action) implements NamedAction {

    @Override
    public void run() {
        action.run();
    }

    @Override
    public String toString() {
        return kind;
    }
}
