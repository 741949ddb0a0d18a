package dev.shunt.ipc;

import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import dev.shunt.question.Question;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskHeaders;
import dev.shunt.task.TaskOptions;
import java.util.List;

/**
 * Everything manager and child tell each other. How each looks on the wire is a line of {@link FrameTypes}.
 */
public sealed interface Frame {

    /** Only a child sends these, and only a manager reads them. */
    sealed interface FromChild extends Frame {

        /** How the child itself fares, for its supervisor. */
        sealed interface Life extends FromChild {}

        /** All else, of a child that is welcome. */
        sealed interface Work extends FromChild {}

        /** Of what this child has sockets of its own for. */
        sealed interface OfSockets extends FromChild.Work {}
    }

    /** Only a manager sends these, and only a child reads them. */
    sealed interface ToChild extends Frame {

        /** To {@link Hello}. */
        sealed interface Answer extends ToChild {}

        /** All else, for a child that is welcome. */
        sealed interface Work extends ToChild {}

        /** For sockets of the child. */
        sealed interface OfSockets extends ToChild.Work {}
    }

    /** A slot, by its id, where a connection might stand: those count from 1. */
    static long toSlot(int id) {
        return -1L - id;
    }

    static boolean isSlot(long to) {
        return to < 0 && !isLease(to);
    }

    static int slotOf(long to) {
        return Math.toIntExact(-1L - to);
    }

    /** A handler that runs, by its lease. */
    static long toLease(long lease) {
        return Long.MIN_VALUE + lease;
    }

    static boolean isLease(long to) {
        return to < Long.MIN_VALUE / 2;
    }

    static long leaseOf(long to) {
        return to - Long.MIN_VALUE;
    }

    // From child to manager

    /**
     * First frame of a child. A wrong secret ends the connection, a differing shape is answered with {@link Refused}. Of a longer
     * frame than {@code maxFrameBytes} the child closes the link.
     */
    record Hello(String secret, long serial, long pid, String shape, int maxFrameBytes) implements FromChild {}

    /** All slots have started; the child takes leases from now on. */
    record Ready() implements FromChild.Life {}

    /** A slot could not be started (its start callback threw). The child exits after it. */
    record StartFailed(String message) implements FromChild.Life {}

    /** A lease ended; {@code retry} is what its handler wants done about a failure. */
    record Settled(long lease, Outcome outcome, long runNanos, Retry retry, Payload payload)
            implements FromChild.Work {}

    /** The handler of a lease said something and goes on. */
    record Reported(long lease, Report report, Payload payload) implements FromChild.Work {}

    /** Answer to {@link TakeBack}: these leases had not started and never will here. */
    record TakenBack(List<Long> leases) implements FromChild.Work {}

    /** {@code slot} of a task whose result a waiting thread gets, or nobody if it waits no longer. */
    int NO_SLOT = -1;

    /** The child wants a task run; {@code slot} counts the child's own slots, and its result goes there. */
    record Submit(long taskId, int group, int slot, Interest interest, int type, TaskOptions options, Payload payload)
            implements FromChild.Work {}

    /** Ends a task that this child submitted with {@link Interest#HANDLE}. */
    record Cancel(long taskId) implements FromChild.Work {}

    /** Rejects a task of this child that still waits for room: whoever waited for that was interrupted. */
    record Withdraw(long taskId) implements FromChild.Work {}

    /** For the slot of that id, from the slot of id {@code source}. */
    record Post(int slotId, int source, Payload payload) implements FromChild.Work {}

    /** For a connection's peer; {@code encoded} unless the sender does not know the connection, nor so its protocol. */
    record Send(long connectionId, boolean encoded, Payload payload) implements FromChild.Work {}

    /**
     * So many bytes were sent before: asks for {@link Taken}.
     *
     * @param to a connection, or a slot as {@link #toSlot} has it; 0 for all connections that this child does not handle
     * @param refused {@code send} has refused something since; the connection's handler shall hear when there is room
     */
    record Sent(long to, long position, boolean refused) implements FromChild.Work {}

    /** A slot of this child has come to the next message that was {@link Posted} to it. */
    record PostRead(int slot) implements FromChild.Work {}

    /** A datagram, from where the listener of that index in the plan receives them, to a numeric address. */
    record SendTo(int listener, String host, int port, Payload payload) implements FromChild.Work {}

    /** A part of a response that goes on; answered with {@link PartTaken}, or with {@link Congested} and its end. */
    record SendPart(long connectionId, Payload payload) implements FromChild.Work {}

    /** A handler reads a body while it comes, and wants so many bytes more; answered with {@link BodyPart}s. */
    record AskBody(long requestId, int bytes) implements FromChild.Work {}

    /** An answer to a request of HTTP that somebody else may answer, too. */
    record Answer(long question, Payload payload) implements FromChild.Work {}

    /** The program closes a connection; a WebSocket's peer is told why. */
    record Close(long connectionId, CloseStatus why) implements FromChild.Work {}

    /** Answered with {@link Told}. */
    record Ask(long number, Question<?> question) implements FromChild.Work {}

    /** This child wants to hear what is published on a topic, or no more. */
    record Subscribe(String topic, boolean on) implements FromChild.Work {}

    record AskStats(long question) implements FromChild.Work {}

    /** A call of the control API; answered with {@link Controlled}. */
    record AskControl(long number, Payload asked) implements FromChild.Work {}

    /** The child runs short of ids for the tasks that it asks for. */
    record AskTaskIds() implements FromChild.Work {}

    /** A slot asked for the whole program to end. */
    record Shutdown() implements FromChild.Work {}

    /** Whoever asked for the task has heard of its end; until then the manager would tell a successor. */
    record Acknowledged(long taskId) implements FromChild.Work {}

    /** A slot asked for all children to be replaced, or for those that run tasks. */
    record Reload(boolean tasksOnly) implements FromChild.Work {}

    /**
     * Answer to {@link Ping}, and said once by itself at the start.
     *
     * @param heapBytes in use
     * @param version of the program that it runs, empty if that says none
     */
    record Pong(long heapBytes, long maxHeapBytes, String version) implements FromChild.Life {}

    /** The child was told to end (SIGTERM): no more leases, please. */
    record Leaving() implements FromChild.Life {}

    /** A connection of which this child has the socket is open; the listener is an index in the plan. */
    record SocketOpened(int listener, Peer peer) implements FromChild.OfSockets {}

    /** It has become a WebSocket. */
    record SocketUpgraded(long connectionId) implements FromChild.OfSockets {}

    /** @param reason as the network says it */
    record SocketClosed(long connectionId, String reason) implements FromChild.OfSockets {}

    /** What has come and gone by sockets of this child since it said so last. */
    record SocketsCounted(long refused, long refusedRequests, List<SocketCount> counts)
            implements FromChild.OfSockets {}

    /**
     * All that one of them has done.
     *
     * @param heardNanosAgo since its last message
     */
    record SocketCount(
            long connectionId, long messages, long bytesIn, long bytesOut, long waitingBytes, long heardNanosAgo) {}

    /** The child accepts connections, or is about to, and runs short of ids for them. */
    record AskConnectionIds() implements FromChild.OfSockets {}

    /** Of what was {@link Deliver}ed to a socket, so many bytes are sent or wait there for the kernel. */
    record Delivered(long connectionId, long position) implements FromChild.OfSockets {}

    /** What became of a {@link PassAnswer}. */
    record AnswerPassed(long number, Answered.How how) implements FromChild.OfSockets {}

    // From manager to child

    record Refused(String reason) implements ToChild.Answer {}

    record Welcome(int maxFrameBytes) implements ToChild.Answer {}

    /** Makes a connection known to the child before its first lease there. */
    record Adopt(int listener, Peer peer) implements ToChild.Work {}

    /** Run this on a free slot. {@code subject} is the task or the connection; the terms are a task's. */
    record Lease(long lease, WorkKind kind, long subject, int attempt, int source, LeaseTerms terms, Payload payload)
            implements ToChild.Work {}

    /**
     * What the child has to know of a task beside its payload.
     *
     * @param type its position among the group's declared types, or -1
     * @param slot of the child that alone may run it, or -1
     * @param deadlineMillis when it must be over, epoch milliseconds; 0 for never
     * @param fence how often it has been handed to a node; 0 if nodes do not share it
     */
    record LeaseTerms(int type, int slot, long deadlineMillis, int fence, Interest interest, TaskHeaders headers) {
        public static final LeaseTerms NONE = plain(Interest.END);

        static LeaseTerms plain(Interest interest) {
            return new LeaseTerms(-1, -1, 0, 0, interest, TaskHeaders.NONE);
        }

        boolean isPlain() {
            return type < 0 && slot < 0 && deadlineMillis == 0 && fence == 0;
        }
    }

    /** End this lease soon: give it back if it has not started, else interrupt its handler. */
    record Interrupt(long lease) implements ToChild.Work {}

    /** Give back up to so many leases that have not started, the youngest first. */
    record TakeBack(int count) implements ToChild.Work {}

    /** The end of a task that {@code slot} of this child submitted, or the child before it. */
    record TaskEnded(long taskId, int slot, Outcome outcome, Payload payload, Payload context)
            implements ToChild.Work {}

    /** What the handler of a task said that {@code slot} of this child submitted. */
    record TaskProgressed(long taskId, int slot, Payload payload) implements ToChild.Work {}

    /** A task that {@code slot} of this child submitted is stored; or it is not, and the text says why. */
    record TaskStored(long taskId, int slot, String problem) implements ToChild.Work {}

    /** There is room for a task that a thread of this child waits to submit. */
    record TaskTaken(long taskId) implements ToChild.Work {}

    /** A further number, under which the child may give ids to tasks. */
    record TaskIds(long number) implements ToChild.Work {}

    /** For {@code slot} of this child, from the slot of id {@code source}. */
    record Posted(int slot, int source, Payload payload) implements ToChild.Work {}

    /** The program has closed this connection: no message of it that has not begun is handled any more. */
    record Closing(long connectionId) implements ToChild.Work {}

    /** Answer to {@link Sent}: what came before that waits for the peer, is kept, or is sent. */
    record Taken(long to, long position, boolean refused) implements ToChild.Work {}

    /** Too much waits for this connection's peer, this slot, or of what this handler has said: what was sent is kept, and no more should be for now. */
    record Congested(long to) implements ToChild.Work {}

    /** What was kept for it has been sent, or the connection is gone. */
    record Uncongested(long to) implements ToChild.Work {}

    /** So many bytes of what the child streams to this connection are on their way. */
    record PartTaken(long connectionId, int bytes) implements ToChild.Work {
        /** Nobody is there. */
        public static final int GONE = -1;
    }

    /** More of a body, its end, or as text why none will come. */
    record BodyPart(long requestId, Kind kind, Payload payload) implements ToChild.Work {

        /** The ordinal travels. */
        public enum Kind {
            PIECE,
            END,
            FAILED
        }
    }

    /** What became of an {@link Answer}. */
    record Answered(long question, How how) implements ToChild.Work {

        /** The ordinal travels. */
        public enum How {
            TAKEN,
            GONE,
            TOO_LATE
        }
    }

    /** The answer to {@link Ask}, as {@link QuestionTypes} has it; or the text says why there is none. */
    record Told(long number, String problem, Payload answer) implements ToChild.Work {}

    /** Something that this child wants to hear. */
    record Published(String topic, Payload payload) implements ToChild.Work {}

    record Stats(long question, Payload payload) implements ToChild.Work {}

    /** The answer to {@link AskControl}. */
    record Controlled(long number, Payload reply) implements ToChild.Work {}

    /** Connections may have so many ids from this one on; answer to {@link AskConnectionIds}. */
    record ConnectionIds(long first, int count) implements ToChild.OfSockets {}

    /** A packet for a socket of this child, from elsewhere in the program. */
    record Deliver(long connectionId, Payload payload) implements ToChild.OfSockets {}

    /** As {@link Deliver}, to many. */
    record DeliverToAll(List<Long> connectionIds, Payload payload) implements ToChild.OfSockets {}

    /** Close a socket of this child, in order. */
    record CloseSocket(long connectionId, CloseStatus why) implements ToChild.OfSockets {}

    /** Close it at once. */
    record CutSocket(long connectionId, String reason) implements ToChild.OfSockets {}

    /** An answer from elsewhere to a request that came by a socket of this child; answered with {@link AnswerPassed}. */
    record PassAnswer(long number, Payload payload) implements ToChild.OfSockets {}

    /** What the child's listening sockets do from now on. */
    record Doors(State state) implements ToChild.OfSockets {

        /** The ordinal travels. */
        public enum State {
            /** They accept. */
            OPEN,
            /** They accept no more. */
            SHUT,
            /** The program ends: connections are closed, too, when what they have sent is handled. */
            LEAVING
        }
    }

    /** Say that you live; answered by whoever reads the link, whatever slots do. */
    record Ping() implements ToChild.Work {}

    /** Finish what runs, run the stop callbacks, exit. */
    record Stop() implements ToChild.Work {}
}
