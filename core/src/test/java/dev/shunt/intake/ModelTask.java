package dev.shunt.intake;

import dev.shunt.data.Data;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;

/** A task of the model: what was asked for, and what has become of it so far. */
final class ModelTask {

    /** What the intake is given of it. */
    record Item(ModelTask task, boolean payload) implements Submitted {

        @Override
        public long id() {
            return task.id;
        }

        @Override
        public TaskOptions options() {
            return payload ? task.options : TaskOptions.DEFAULT;
        }

        @Override
        public long acceptedNanos() {
            return task.acceptedAtNanos;
        }

        @Override
        public boolean stored() {
            return task.durable;
        }

        @Override
        public int bytes() {
            return payload ? 100 + task.data.size() : 0;
        }

        @Override
        public boolean cancellable() {
            return task.cancellable;
        }
    }

    enum Place {
        ASKED,
        WAITS_FOR_ROOM,
        /** In memory, with its payload. */
        MEMORY,
        STORE,
        QUEUED,
        RUNNING,
        OVER
    }

    final long id;
    TaskOptions options = TaskOptions.DEFAULT;
    Data data = Data.empty();
    long acceptedAtMillis;
    boolean durable;
    boolean cancellable;
    boolean ofEarlierRun;
    int attempts;
    long dueAtMillis;

    Place place = Place.ASKED;
    long position = Long.MAX_VALUE;
    long acceptedAtNanos;
    long dueNanos;
    boolean waits;
    boolean spilled;

    /** Read and put back, for it was not due. */
    boolean shell;

    boolean endedAsShell;
    boolean undecided;

    /** And so for its place under its ordering key. */
    boolean waitedForUnique;

    /** A task that takes its unique key has ended it in dispatch. */
    boolean givenUp;

    boolean wasFetched;
    boolean storing;
    boolean reading;
    boolean readFailed;
    boolean isStored;
    boolean refused;
    boolean unreadable;
    boolean cancelAsked;
    boolean withdrawAsked;
    boolean cancelledThere;
    int taken;

    ModelTask(long id) {
        this.id = id;
    }

    boolean isOver() {
        return place == Place.OVER;
    }

    boolean hasEntered() {
        return place == Place.QUEUED || place == Place.RUNNING;
    }

    boolean isDelayedHere() {
        return dueNanos > 0 && attempts == 0;
    }

    String unique() {
        return options.unique().map(Unique::key).orElse("");
    }

    boolean is(Unique.Policy policy) {
        return options.unique().filter(unique -> unique.policy() == policy).isPresent();
    }

    /** Of another one that is not over, and was accepted before. */
    boolean isBehindUnique(ModelTask other) {
        return other != this && other.rank() < rank() && !unique().isEmpty() && unique().equals(other.unique());
    }

    /** In the order in which tasks are accepted. */
    long rank() {
        return ofEarlierRun ? position : id;
    }

    String key() {
        return options.orderingKey().orElse("");
    }

    long deadlineAt() {
        return options.deadline()
                .map(deadline -> acceptedAtNanos + deadline.toNanos())
                .orElse(Long.MAX_VALUE);
    }

    /** Nothing but the end of what the store does with it is in the way of its end. */
    boolean isToEnd(long now) {
        return cancelAsked || deadlineAt() <= now;
    }

    /** It ended without having been read. */
    boolean isShell() {
        return endedAsShell;
    }

    Item item() {
        return new Item(this, true);
    }

    StoredTask toStore() {
        return new StoredTask(id, "", data, options, 0, acceptedAtMillis, attempts, dueAtMillis);
    }

    @Override
    public String toString() {
        return "task " + id + ' ' + place + (key().isEmpty() ? "" : " of " + key())
                + options.unique().map(unique -> " with " + unique).orElse("") + (spilled ? " spilled" : "")
                + (ofEarlierRun ? " of an earlier run" : "") + (dueNanos > 0 ? " due at " + dueNanos : "")
                + " at " + position;
    }
}
