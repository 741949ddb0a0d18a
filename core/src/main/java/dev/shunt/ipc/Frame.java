package dev.shunt.ipc;

import dev.shunt.net.Peer;
import dev.shunt.task.TaskOptions;
import java.util.List;

/**
 * Everything manager and child tell each other. On the wire: four bytes length of what follows, one byte type, the fields
 * in the order of the record, big endian; see {@link FrameCodec}.
 */
public sealed interface Frame {

    // From child to manager

    /** First frame of a child. A wrong secret ends the connection, a differing shape is answered with {@link Refused}. */
    record Hello(String secret, long serial, long pid, String shape) implements Frame {}

    /** All slots have started; the child takes leases from now on. */
    record Ready() implements Frame {}

    /** A slot could not be started (its start callback threw). The child exits after it. */
    record StartFailed(String message) implements Frame {}

    /** A lease ended; what its handler wants done about a failure is {@link #BY_TERMS}, {@link #GIVE_UP} or a delay. */
    record Settled(long lease, Outcome outcome, long runNanos, long retryNanos, Payload payload) implements Frame {}

    long BY_TERMS = -1;

    long GIVE_UP = -2;

    /** The handler of a lease said something and goes on. */
    record Reported(long lease, Report report, Payload payload) implements Frame {}

    /** Answer to {@link TakeBack}: these leases had not started and never will here. */
    record TakenBack(List<Long> leases) implements Frame {}

    /** {@code slot} of a task whose result a waiting thread gets, or nobody if it waits no longer. */
    int NO_SLOT = -1;

    /** The child wants a task run; {@code slot} counts the child's own slots, and its result goes there. */
    record Submit(long taskId, int group, int slot, Asked asked, int type, TaskOptions options, Payload payload)
            implements Frame {}

    /** Ends a task that this child submitted with {@link Asked#HANDLE}. */
    record Cancel(long taskId) implements Frame {}

    /** Rejects a task of this child that still waits for room: whoever waited for that was interrupted. */
    record Withdraw(long taskId) implements Frame {}

    /** For the slot of that id, from the slot of id {@code source}. */
    record Post(int slotId, int source, Payload payload) implements Frame {}

    /** For a connection's peer; {@code encoded} unless the sender does not know the connection, nor so its protocol. */
    record Send(long connectionId, boolean encoded, Payload payload) implements Frame {}

    record Close(long connectionId) implements Frame {}

    record AskStats(long question) implements Frame {}

    /** The child runs short of ids for the tasks that it asks for. */
    record AskTaskIds() implements Frame {}

    /** A slot asked for the whole program to end. */
    record Shutdown() implements Frame {}

    /** Whoever asked for the task has heard of its end; until then the manager would tell a successor. */
    record Acknowledged(long taskId) implements Frame {}

    /** A slot asked for all children to be replaced, or for those that run tasks. */
    record Reload(boolean tasksOnly) implements Frame {}

    /** Answer to {@link Ping}. */
    record Pong() implements Frame {}

    /** The child was told to end (SIGTERM): no more leases, please. */
    record Leaving() implements Frame {}

    // From manager to child

    record Refused(String reason) implements Frame {}

    record Welcome() implements Frame {}

    /** Makes a connection known to the child before its first lease there. */
    record Adopt(int listener, Peer peer) implements Frame {}

    /** Run this on a free slot. {@code subject} is the task or the connection; the terms are a task's. */
    record Lease(long lease, Job job, long subject, int attempt, int source, LeaseTerms terms, Payload payload)
            implements Frame {}

    /**
     * What the child has to know of a task beside its payload.
     *
     * @param type its position among the group's declared types, or -1
     * @param slot of the child that alone may run it, or -1
     * @param deadlineMillis when it must be over, epoch milliseconds; 0 for never
     */
    record LeaseTerms(int type, int slot, long deadlineMillis, Asked asked) {
        public static final LeaseTerms NONE = new LeaseTerms(-1, -1, 0, Asked.END);
    }

    /** End this lease soon: give it back if it has not started, else interrupt its handler. */
    record Interrupt(long lease) implements Frame {}

    /** Give back up to so many leases that have not started, the youngest first. */
    record TakeBack(int count) implements Frame {}

    /** The end of a task that {@code slot} of this child submitted, or the child before it. */
    record TaskEnded(long taskId, int slot, Outcome outcome, Payload payload, Payload context) implements Frame {}

    /** What the handler of a task said that {@code slot} of this child submitted. */
    record TaskProgressed(long taskId, int slot, Payload payload) implements Frame {}

    /** A task that {@code slot} of this child submitted is stored; or it is not, and the text says why. */
    record TaskStored(long taskId, int slot, String problem) implements Frame {}

    /** There is room for a task that a thread of this child waits to submit. */
    record TaskTaken(long taskId) implements Frame {}

    /** A further number, under which the child may give ids to tasks. */
    record TaskIds(long number) implements Frame {}

    /** For {@code slot} of this child, from the slot of id {@code source}. */
    record Posted(int slot, int source, Payload payload) implements Frame {}

    /** Too much waits for this connection's peer: what the child has sent is kept, and it should send no more for now. */
    record Congested(long connectionId) implements Frame {}

    /** What was kept for this connection has been sent, or the connection is gone. */
    record Uncongested(long connectionId) implements Frame {}

    record Stats(long question, Payload payload) implements Frame {}

    /** Say that you live; answered by whoever reads the link, whatever slots do. */
    record Ping() implements Frame {}

    /** Finish what runs, run the stop callbacks, exit. */
    record Stop() implements Frame {}

    /** What a lease is about. The ordinal travels. */
    enum Job {
        TASK,
        CONNECT,
        MESSAGE,
        DRAINED,
        CLOSE
    }

    /** What whoever submits a task wants to hear beside its end. The ordinal travels. */
    enum Asked {
        /** Every result as soon as it is given. */
        RESULTS,
        /** No more. */
        END,
        /** Its progress and that it is stored, and to cancel it. */
        HANDLE
    }

    /** What a handler says before it ends. The ordinal travels. */
    enum Report {
        FINISHED,
        PROGRESSED
    }

    /** How a lease or a task ended. The ordinal travels. */
    enum Outcome {
        DONE,
        /** Done, and all there is to say about it was reported before. */
        ANSWERED,
        /** The handler threw; the payload is an encoded failure. */
        FAILED,
        LOST,
        REJECTED,
        TIMED_OUT,
        CANCELLED
    }
}
