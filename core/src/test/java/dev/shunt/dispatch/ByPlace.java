package dev.shunt.dispatch;

import dev.shunt.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A dispatcher whose children a test names by their places. */
final class ByPlace {

    final Dispatcher<String> dispatcher;
    private final Map<Integer, ChildLoad<String>> children = new HashMap<>();

    ByPlace(List<Integer> slots, DispatcherOptions options, Clock clock, Effects<String> effects) {
        dispatcher = new Dispatcher<>(slots, options, clock, new SplittableRandom(1), effects);
    }

    ChildLoad<String> at(int place) {
        return Objects.requireNonNull(children.get(place));
    }

    void submit(Work<String> work) {
        dispatcher.submit(work);
    }

    void childUp(int place) {
        children.put(place, dispatcher.childUp(place));
    }

    void childLeaving(int place) {
        dispatcher.childLeaving(at(place));
    }

    void childDown(int place, LongPredicate started, String how) {
        dispatcher.childDown(at(place), started, how);
    }

    @Nullable Work<String> settled(int place, long lease, boolean failed, long runNanos) {
        return dispatcher.settled(at(place), lease, failed ? Failed.BY_POLICY : null, runNanos);
    }

    void takenBack(int place, List<Long> leases) {
        dispatcher.takenBack(at(place), leases);
    }

    void tick() {
        dispatcher.tick();
    }

    int queued() {
        return dispatcher.queued();
    }

    int running() {
        return dispatcher.counts().running();
    }

    OptionalLong nextDueNanos() {
        return dispatcher.nextDueNanos();
    }

    long retried() {
        return dispatcher.counts().retried();
    }

    Sequence<String> openSequence() {
        return dispatcher.openSequence();
    }

    void stop(String reason) {
        dispatcher.stop(reason);
    }

    boolean isIdle() {
        return dispatcher.isIdle();
    }

    void abandon(int place, String how) {
        dispatcher.abandon(at(place), how);
    }
}
