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

    /**
     * This run of the program has no result for it. Its child died, or was stopped, while it ran: nobody knows how far
     * it came, and its options allow no retry. Or the program stops and a log keeps the task, or the log cannot give it
     * back; the reason says which. A task that the log keeps runs when the program is started next: it need not be
     * submitted again.
     */
    record Lost(long taskId, String reason, Data context) implements Result {}

    /** The task was not taken, and never ran; the reason says why, such as a full queue. */
    record Rejected(long taskId, String reason, Data context) implements Result {

        /** The reason for a task that waited, or came, when the program was stopping. */
        public static final String STOPPING = "the program is stopping";
    }
}
