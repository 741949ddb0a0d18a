package dev.shunt.engine;

import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces children one by one: retires the one that serves a place, and goes on when another serves it. A child that dies
 * meanwhile is replaced anyway, and its place is done with that. Lives on the main loop.
 */
final class Reload {

    private final Function<ChildPlace, Optional<Child>> serving;
    private final Consumer<Child> retire;
    private final Deque<ChildPlace> places = new ArrayDeque<>();
    private @Nullable Child leaving;

    Reload(Function<ChildPlace, Optional<Child>> serving, Consumer<Child> retire) {
        this.serving = serving;
        this.retire = retire;
    }

    boolean isUnderWay() {
        return leaving != null || !places.isEmpty();
    }

    void begin(List<ChildPlace> all) {
        places.addAll(all);
        proceed();
    }

    /** Call whenever a place may have got a child. */
    void proceed() {
        if (leaving != null) {
            long old = leaving.serial();
            boolean replaced = serving.apply(leaving.place())
                    .filter(child -> child.serial() != old)
                    .isPresent();
            if (!replaced) {
                return;
            }
            leaving = null;
        }
        while (leaving == null && !places.isEmpty()) {
            var next = serving.apply(places.remove());
            if (next.isPresent()) {
                leaving = next.get();
                retire.accept(leaving);
            }
        }
    }
}
