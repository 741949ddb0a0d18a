package dev.shunt.intake;

import dev.shunt.intake.Pending.State;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What one sees from outside of the tasks that wait in an intake. For its owner, between two of its steps. */
public final class Seen<T extends Submitted> {

    /** What a task waits for that has not entered. */
    public enum Waits {
        FOR_ROOM,
        FOR_ITS_TIME,
        FOR_ITS_TURN
    }

    private final Consumer<Pending<T>> cancel;
    private final Map<Long, Pending<T>> known;
    private final WaitingRoom<T> waiting;
    private final Times<T> times;
    private final Supplier<Stream<Pending<T>>> turns;

    /** @param cancel ends one soon */
    Seen(
            Consumer<Pending<T>> cancel,
            Map<Long, Pending<T>> known,
            WaitingRoom<T> waiting,
            Times<T> times,
            Supplier<Stream<Pending<T>>> turns) {
        this.cancel = cancel;
        this.known = known;
        this.waiting = waiting;
        this.times = times;
        this.turns = turns;
    }

    /** What has not been let in, and is in memory. */
    public void forEach(BiConsumer<T, Waits> each) {
        waiting.all().forEach(pending -> each.accept(pending.task(), Waits.FOR_ROOM));
        times.notDue().forEach(pending -> each.accept(pending.task(), Waits.FOR_ITS_TIME));
        turns.get()
                .filter(pending -> pending.state() == State.HELD)
                .forEach(pending -> each.accept(pending.task(), Waits.FOR_ITS_TURN));
    }

    /** As {@link Intake#cancel}, whoever asked for it; false if it is not known here, or has entered. */
    public boolean cancel(long taskId) {
        var pending = Stream.of(
                        Stream.ofNullable(known.get(taskId)),
                        waiting.all().stream(),
                        times.notDue().stream(),
                        turns.get())
                .flatMap(all -> all)
                .filter(one -> one.task().id() == taskId && one.state().waits())
                .findFirst();
        pending.ifPresent(cancel);
        return pending.isPresent();
    }
}
