package dev.shunt.task;

import dev.shunt.data.Data;

/** How a task ended. Exactly one for every task that was accepted: nothing is lost silently. */
public sealed interface Result {

    long taskId();

    /** The handler ended; {@code data} is what it finished with or returned, empty if nothing. */
    record Done(long taskId, Data data) implements Result {}

    /** The handler threw, in its last attempt. */
    record Failed(long taskId, Failure failure) implements Result {}

    /** The caller waited long enough; the task itself may still run, its result goes nowhere. */
    record TimedOut(long taskId) implements Result {}

    record Cancelled(long taskId) implements Result {}

    /** The child died, or was stopped, while the task ran; nobody knows how far it came, and its options allow no retry. */
    record Lost(long taskId, String reason) implements Result {}

    /** The task was not taken, and never ran; the reason says why, such as a full queue. */
    record Rejected(long taskId, String reason) implements Result {}
}
