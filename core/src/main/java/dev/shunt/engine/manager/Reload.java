package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.process.ChildPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Replaces children one place after the other, until each place is served by a child started after the last call that
 * meant it. So calls collapse by themselves: a place that still waits for its turn waits no longer for a second call,
 * and one that had its turn gets one more, however many calls come. Children are known by their serials, which
 * grow. Lives on the main loop.
 */
final class Reload {

    private static final Logger LOG = Log.of(Reload.class);

    private final Function<ChildPlace, OptionalLong> serving;
    private final Consumer<ChildPlace> replace;

    /** In the order of their turns; with each the last serial given to a child before the last call. */
    private final Map<ChildPlace, Long> waiting = new LinkedHashMap<>();

    private @Nullable Turn turn;
    private Runnable whenOver = () -> {};

    /** @param lastSerial as of the call that this turn began for */
    private record Turn(ChildPlace place, long child, long lastSerial) {}

    /** @param replace ends with {@link #gone} or {@link #notReplaced} for the child that serves the place */
    Reload(Function<ChildPlace, OptionalLong> serving, Consumer<ChildPlace> replace) {
        this.serving = serving;
        this.replace = replace;
    }

    void whenOver(Runnable action) {
        whenOver = action;
    }

    /** @param lastSerial of all children started so far */
    void begin(List<ChildPlace> places, long lastSerial) {
        LOG.info("to be replaced, one after the other: the children at {}", places);
        places.forEach(place -> waiting.put(place, lastSerial));
        proceed();
    }

    /** Nobody is to serve there any more; who did leaves. */
    void forget(ChildPlace place) {
        if (waiting.remove(place) != null && turn == null) {
            over();
        }
    }

    /** Call whenever a place has got a child. */
    void proceed() {
        if (turn == null && !waiting.isEmpty()) {
            turn = next();
            if (turn != null) {
                replace.accept(turn.place());
            } else {
                over();
            }
        }
    }

    /** A child has ended, and its successor, if there is one, serves already. */
    void gone(long child) {
        if (turn != null && turn.child() == child) {
            toTheEnd(turn.place());
            turn = null;
            over();
        }
        proceed();
    }

    /** A call since its turn began is still to be answered: what could not be started then, can perhaps be now. */
    void notReplaced(long child) {
        if (turn != null && turn.child() == child) {
            if (!waiting.remove(turn.place(), turn.lastSerial())) {
                toTheEnd(turn.place());
            }
            turn = null;
            over();
        }
        proceed();
    }

    /** Places without a child are passed over; it is a new one that they get, or one whose turn comes when it serves. */
    private @Nullable Turn next() {
        for (var places = waiting.entrySet().iterator(); places.hasNext(); ) {
            var entry = places.next();
            var child = serving.apply(entry.getKey());
            if (child.isPresent() && child.getAsLong() <= entry.getValue()) {
                return new Turn(entry.getKey(), child.getAsLong(), entry.getValue());
            }
            if (child.isPresent()) {
                places.remove();
            }
        }
        return null;
    }

    private void over() {
        if (waiting.isEmpty()) {
            LOG.info("the reload is over");
            whenOver.run();
        }
    }

    private void toTheEnd(ChildPlace place) {
        Long lastSerial = waiting.remove(place);
        if (lastSerial != null) {
            waiting.put(place, lastSerial);
        }
    }
}
