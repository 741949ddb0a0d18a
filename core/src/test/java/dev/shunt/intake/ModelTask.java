package dev.shunt.intake;

import dev.shunt.data.Data;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;

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
        return dueNanos > 0 && options.unique().isEmpty() && attempts == 0;
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

    Item item() {
        return new Item(this, true);
    }

    StoredTask toStore() {
        return new StoredTask(id, "", data, options, 0, acceptedAtMillis, attempts, dueAtMillis);
    }

    @Override
    public String toString() {
        return "task " + id + ' ' + place + (key().isEmpty() ? "" : " of " + key()) + (spilled ? " spilled" : "")
                + (ofEarlierRun ? " of an earlier run" : "") + (dueNanos > 0 ? " due at " + dueNanos : "")
                + " at " + position;
    }
}
