package dev.shunt.task;

import dev.shunt.data.Data;

/** How a task ended. Exactly one for every task that was accepted: nothing is lost silently. */
public sealed interface Result {

    long taskId();

    /** What {@link TaskOptions#context} was given; empty if nothing. */
    Data context();

    /** The handler ended; {@code data} is what it returned or finished with, empty if nothing. */
    record Done(long taskId, Data data, Data context) implements Result {}

    /** The handler threw, in its last attempt. */
    record Failed(long taskId, Failure failure, Data context) implements Result {}

    /** Its deadline passed or its last attempt took too long; or a caller waited long enough, and then it may still run. */
    record TimedOut(long taskId, Data context) implements Result {}

    /** Somebody cancelled it, or replaced it under its unique key. */
    record Cancelled(long taskId, Data context) implements Result {}

    /** The child died, or was stopped, while the task ran; nobody knows how far it came, and its options allow no retry. */
    record Lost(long taskId, String reason, Data context) implements Result {}

    /** The task was not taken, and never ran; the reason says why, such as a full queue. */
    record Rejected(long taskId, String reason, Data context) implements Result {}
}
