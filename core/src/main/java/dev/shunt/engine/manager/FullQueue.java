package dev.shunt.engine.manager;

import dev.shunt.intake.NotEntered.Full;
import dev.shunt.intake.NotEntered.QueueFull;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.WhenFull;

/** What is said to those whose task is not taken for want of room. */
record FullQueue(QueueLimit limit) {

    String reason(QueueFull why) {
        String full = reason(why.of());
        if (why.asManyWait()) {
            return full + ", and as many for room";
        }
        boolean canWait = why.of() == Full.TASKS || why.of() == Full.BYTES;
        return limit.whenFull() == WhenFull.WAIT && canWait
                ? full
                        + "; this caller cannot wait for room, which only a worker with connections that is no event loop"
                        + " can (placement(IN_PROCESS) or placement(CHILDREN)), or a thread of your own"
                : full;
    }

    /** Of one that another thread has submitted. */
    String onTheWay() {
        return "the queue is full: the main loop is held up, and what waits to be taken in has as many bytes as it may, "
                + limit.maxBytes() + " (maxQueuedBytes)";
    }

    private String reason(Full of) {
        return switch (of) {
            case TASKS -> "the queue is full: " + limit.maxTasks() + " tasks wait already";
            case BYTES ->
                "the queue is full: its tasks have as many bytes as they may, " + limit.maxBytes()
                        + " (maxQueuedBytes)";
            case DELAYED ->
                "as many tasks wait for their time or their turn as may: " + limit.maxDelayed()
                        + " (maxDelayedTasks), beside those for a slot";
            case DELAYED_BYTES ->
                "tasks that wait for their time or their turn have as many bytes as they may: "
                        + limit.maxDelayedBytes() + " (maxDelayedBytes)";
            case SPILLED -> "the queue is full, and so many tasks spill that the log has more to take than may wait";
        };
    }
}
