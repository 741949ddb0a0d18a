package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.SocketConnection;
import dev.shunt.http.Bodies;
import dev.shunt.http.HttpPart;
import dev.shunt.http.MultipartReader;
import dev.shunt.http.Request;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.netty.MultipartForms;
import dev.shunt.netty.Spool;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers of this child to requests whose sockets are in the manager. What nobody else can answer is only sent; else the
 * manager says who was first. Of a response that goes on no more is on its way than {@link #WINDOW_BYTES}. Any thread.
 */
final class ChildAnswers {

    /** Of each response that is streamed, between this process and the manager. */
    static final int WINDOW_BYTES = 256 << 10;

    /** Whether the one that is waited for will come. */
    private static final long LOOK_AGAIN_MILLIS = 500;

    private final ManagerLink manager;
    private final Questions questions;
    private final ChildConnections connections;
    private final Spool spool;
    private final Map<Long, Window> windows = new ConcurrentHashMap<>();

    /** Of bodies that are read while they come, by their requests. */
    private final Map<Long, Bodies.Sink> sinks = new ConcurrentHashMap<>();

    ChildAnswers(ManagerLink manager, Questions questions, ChildConnections connections, Spool spool) {
        this.manager = manager;
        this.questions = questions;
        this.connections = connections;
        this.spool = spool;
    }

    boolean answer(HttpPart part, boolean shared) {
        if (!part.is(HttpPart.FIRST)) {
            return stream(part);
        }
        if (shared) {
            return switch (questions.answered(Payload.inline(part.packet()))) {
                case TAKEN -> true;
                case GONE -> false;
                case TOO_LATE -> throw SocketConnection.notWaitedFor(part.requestId());
            };
        }
        long connection = Request.connectionOf(part.requestId());
        var known = connections.get(connection);
        if (known != null && !known.isOpen()) {
            return false;
        }
        manager.tell(new Frame.Send(connection, true, Payload.inline(part.packet())));
        return true;
    }

    MultipartReader multipart() {
        return new MultipartForms(spool);
    }

    /** What comes is read by whoever reads the link: the caller, who waits for it, is that no more. */
    void askBody(long requestId, int bytes, Bodies.Sink sink) {
        sinks.put(requestId, sink);
        manager.recall();
        manager.tell(new Frame.AskBody(requestId, bytes));
    }

    void bodyCame(Frame.BodyPart part) {
        boolean goesOn = part.kind() == Frame.BodyPart.Kind.PIECE;
        var sink = goesOn ? sinks.get(part.requestId()) : sinks.remove(part.requestId());
        if (sink == null) {
            return;
        }
        var data = ((Payload.Inline) part.payload()).data(Codec.json());
        switch (part.kind()) {
            case PIECE -> sink.arrived(data.bytes());
            case END -> sink.ended();
            case FAILED -> sink.failed(data.text());
        }
    }

    private boolean stream(HttpPart part) {
        long connection = Request.connectionOf(part.requestId());
        var packet = part.packet();
        var window = windows.computeIfAbsent(connection, _ -> new Window());
        boolean last = part.is(HttpPart.LAST);
        if (!last && !window.take(packet.bytes().length)) {
            return false;
        }
        manager.tell(new Frame.SendPart(connection, Payload.inline(packet)));
        if (last) {
            windows.remove(connection);
        }
        return !window.gone;
    }

    void taken(Frame.PartTaken taken) {
        var window = windows.get(taken.connectionId());
        if (window == null) {
            return;
        }
        if (taken.bytes() == Frame.PartTaken.GONE) {
            windows.remove(taken.connectionId());
            window.gone();
        } else {
            window.taken(taken.bytes());
        }
    }

    /** Its handler hears of its close. */
    void closed(long connection) {
        windows.remove(connection);
    }

    /** What was kept for this connection is on its way, or it is gone. */
    void uncongested(long connection) {
        var window = windows.get(connection);
        if (window != null) {
            window.takenAll();
        }
    }

    private final class Window {

        private long under;
        private volatile boolean gone;

        /** Waits until there is room; one part may overshoot. */
        boolean take(int bytes) {
            CurrentEngine.refuseToWait("write");
            manager.recall();
            synchronized (this) {
                while (under >= WINDOW_BYTES && !gone) {
                    try {
                        wait(LOOK_AGAIN_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                }
                under += bytes;
            }
            return !gone;
        }

        synchronized void taken(int bytes) {
            under -= bytes;
            notifyAll();
        }

        synchronized void takenAll() {
            under = 0;
            notifyAll();
        }

        synchronized void gone() {
            gone = true;
            notifyAll();
        }
    }
}
