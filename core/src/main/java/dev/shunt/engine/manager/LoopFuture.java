package dev.shunt.engine.manager;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A value that comes later on the main loop, or what went wrong. One continuation goes on with it, in the turn in which it
 * comes, or at once if it is there. Lives on the main loop.
 *
 * @param <P> what can go wrong
 */
final class LoopFuture<V, P> {

    private @Nullable V value;
    private @Nullable P problem;
    private @Nullable Consumer<? super V> onValue;
    private @Nullable Consumer<? super P> onProblem;

    static <V, P> LoopFuture<V, P> of(V value) {
        var future = new LoopFuture<V, P>();
        future.value = value;
        return future;
    }

    void complete(V with) {
        value = with;
        if (onValue != null) {
            onValue.accept(with);
        }
    }

    void fail(P because) {
        problem = because;
        if (onProblem != null) {
            onProblem.accept(because);
        }
    }

    /** Call once. */
    void then(Consumer<? super V> whenDone, Consumer<? super P> whenFailed) {
        if (value != null) {
            whenDone.accept(value);
        } else if (problem != null) {
            whenFailed.accept(problem);
        } else {
            onValue = whenDone;
            onProblem = whenFailed;
        }
    }
}
