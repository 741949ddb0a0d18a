package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Ended;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.SharedTask;
import dev.shunt.task.Unique;
import dev.shunt.time.Nanos;
import org.jspecify.annotations.Nullable;

/** A task in a {@link MemoryTaskQueue}. Under the queue's lock. */
final class MemoryRow {

    enum State {
        READY,
        LEASED,
        /** Its time has not come. */
        DELAYED,
        /** Another has the turn of its key. */
        IN_LANE,
        /** Ends with the holder of its unique key. */
        JOINED,
        /** Comes after the holder of its unique key. */
        REPLACING,
        /** Comes after the task of its schedule that was due before. */
        IN_LINE,
        /** Whoever asked has not been told. */
        ENDED
    }

    final SharedTask task;
    final int asker;
    final long acceptedNanos;
    final long acceptedMillis;
    State state = State.READY;
    long pos;
    long dueNanos;
    long claimedMillis;
    int node;
    int fence;
    int attempts;
    int deaths;
    long holder;
    boolean holds;
    boolean laned;
    boolean cancelled;
    boolean told;

    /** Of a schedule's: it is late, as it was due while no node was there, or came behind such a one. */
    boolean missed;

    long endedNanos;
    Outcome outcome = Outcome.DONE;
    Data result = Data.empty();

    MemoryRow(SharedTask task, int asker, long acceptedNanos, long acceptedMillis) {
        this.task = task;
        this.asker = asker;
        this.acceptedNanos = acceptedNanos;
        this.acceptedMillis = acceptedMillis;
    }

    Lease lease() {
        return new Lease(task.id(), node, fence, asker, holds || laned);
    }

    void end(Outcome how, Data what, long now) {
        state = State.ENDED;
        outcome = how;
        result = what;
        endedNanos = now;
    }

    Ended ended(boolean adopted) {
        var context = task.options().context();
        return new Ended(task.id(), task.type(), outcome, result, context, task.source(), adopted);
    }

    boolean waits() {
        return state != State.LEASED && state != State.ENDED;
    }

    @Nullable String key() {
        return task.options().unique().map(Unique::key).orElse(null);
    }

    boolean isLate(long now) {
        var deadline = task.options().deadline();
        return deadline.isPresent() && now - acceptedNanos >= Nanos.of(deadline.get());
    }
}
