package dev.shunt.engine;

import dev.shunt.timer.NamedAction;

/**
 * A callback of the program's, by name.
 *
 * @param subject what it is a callback of, such as {@code task 5}
 */
public record Callback(Object subject, Runnable action) implements NamedAction {

    /** Of a result. */
    public static final String KIND = "a callback";

    @Override
    public void run() {
        action.run();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String toString() {
        return KIND + " of " + subject;
    }
}
