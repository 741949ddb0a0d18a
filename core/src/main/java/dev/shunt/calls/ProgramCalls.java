package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import dev.shunt.http.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What can be asked of the running program beside tasks. A timer runs on the slot that started it, one at a time with
 * everything else that slot does, and ends with its process; call from a callback or {@code onWorkerStart}.
 */
public interface ProgramCalls extends ConnectionCalls, GroupCalls, SharedCalls, ControlCalls {

    /** For this package. */
    @Override
    FaceState<?> state();

    /** Runs {@code action} every {@code interval}, above zero, until {@link #clearTimer}; returns the timer's id. */
    default long tick(Duration interval, Runnable action) {
        return state().schedule(Check.positive("tick", interval, "to run it once, call after"), true, action);
    }

    /** Runs {@code action} once, after {@code delay}. */
    default long after(Duration delay, Runnable action) {
        return state().schedule(Check.notNegative("after", delay), false, action);
    }

    /** Stops a timer; false if there is none of that id any more. */
    default boolean clearTimer(long id) {
        return state().engine().cancel(id);
    }

    /** Sends to a connection from any worker of any process; false if it is known to be closed, or too much waits. */
    default boolean send(long connectionId, Object data) {
        return state().engine().send(connectionId, data);
    }

    /**
     * Sends a datagram from the program's first address for them ({@code udp://}), from any worker of any process.
     *
     * @param host a numeric address
     * @return false if it was not sent, for too much waits; in a child, where that is not known, true
     * @throws IllegalStateException if the program has no such address
     */
    default boolean sendTo(String host, int port, Object data) {
        int listener = state().engine()
                .plan()
                .packetListener()
                .orElseThrow(() -> new IllegalStateException("sendTo(" + host + ", " + port
                        + "): the program has no address for datagrams; listen on one, udp://HOST:PORT"));
        return state().engine().sendTo(listener, new InetSocketAddress(InetAddress.ofLiteral(host), port), data);
    }

    /**
     * Answers a request of HTTP, from any worker of any process that has heard of its id, such as a task worker:
     * {@code respond(id, "done")}. For a status and headers take {@link #response}.
     *
     * @param requestId what {@code response.id()} or {@code request.id()} has told
     * @return false if the client is gone
     * @throws IllegalStateException if it has been answered, or took longer than it may
     */
    default boolean respond(long requestId, Object body) {
        return response(requestId).end(body);
    }

    /** As {@link #respond}, to be filled first; Swoole's {@code Response::create}. */
    default Response response(long requestId) {
        return new Response(requestId, state().engine()::answer);
    }

    /** Closes a connection from any worker of any process, once what waits has been sent. */
    default boolean close(long connectionId) {
        return state().engine().close(connectionId);
    }

    /**
     * As the other one, for a WebSocket, whose peer is told why; Swoole's {@code disconnect}. In a child, a connection that
     * it does not handle and that is no WebSocket is closed without the code, and the log says so.
     *
     * @throws IllegalArgumentException if that code or reason must not be sent
     * @throws IllegalStateException if it is known to be no WebSocket
     */
    default boolean close(long connectionId, int code, String reason) {
        return state().engine().close(connectionId, code, reason);
    }

    /**
     * Sends something to another worker, of any process, whose {@code onPipeMessage} gets it.
     *
     * @param workerId connections' workers from 0, task workers after them
     * @return false, and it is not sent, if that is the worker that calls, or one for which 10,000 messages wait, or 64 MiB
     *     of them (a sixteenth of the manager's heap, if that is less)
     * @throws IllegalArgumentException if there is no such worker, or the message cannot be encoded
     */
    default boolean sendMessage(Object message, int workerId) {
        return state().engine()
                .post(workerId, Data.of(message, state().engine().plan().codec()));
    }

    /** The id of the worker that runs this thread: connections' workers from 0, task workers after them. */
    default int workerId() {
        return state().engine()
                .slot()
                .orElseThrow(() -> new IllegalStateException("not on a worker's thread"))
                .id();
    }
}
