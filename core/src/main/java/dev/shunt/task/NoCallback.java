package dev.shunt.task;

import java.util.function.Consumer;

/**
 * The type of {@code null} in {@code task(data, null)}, of which there are no objects. It is both kinds of what may stand
 * there, so that a compiler knows which method is meant.
 */
public final class NoCallback extends TaskOptions implements Consumer<Result> {

    private NoCallback() {
        throw new AssertionError("there is none");
    }

    @Override
    public void accept(Result result) {}
}
