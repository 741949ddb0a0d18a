package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.http.HttpPart;
import dev.shunt.http.Request;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.process.Child;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/**
 * What children send to connections. A connection that takes no more is congested: what comes for it is kept, and those
 * that send to it hear of it, and when it is over. Lives on the main loop.
 */
final class ChildSends {

    private static final Logger LOG = Log.of(ChildSends.class);

    private final Connections connections;
    private final ChildSockets childSockets;

    /** The children, by serial, that have been told to send no more to a connection. */
    private final Map<Long, Map<Long, Child>> congested = new HashMap<>();

    /** Answers of which the child that has the socket has not said yet what becomes of them. */
    private final Set<Passing> passing = new HashSet<>();

    private static final class Passing {
        final long writer;
        boolean writerGone;

        Passing(long writer) {
            this.writer = writer;
        }
    }

    ChildSends(Connections connections, ChildSockets childSockets) {
        this.connections = connections;
        this.childSockets = childSockets;
    }

    void send(Child child, Frame.Send send) {
        SocketConnection connection = connections.get(send.connectionId());
        if (connection == null) {
            if (!send.encoded()) { // else it has closed, and the child hears of that if it handles it
                connections.others().send(send.connectionId(), ((Payload.Inline) send.payload()).data(Codec.json()));
            }
            return;
        }
        Data data = ((Payload.Inline) send.payload()).data(Codec.json());
        if (send.encoded()) {
            connection.sentBy(child.serial(), data);
        }
        try {
            if (connection.sendOrKeep(send.encoded() ? data : connection.encoded(data))) {
                congested(connection.id(), child);
            }
        } catch (RuntimeException e) { // the program's own protocol
            LOG.error("what child {} sent to {} cannot be encoded, and is dropped", child.pid(), connection, e);
        }
    }

    /** What came before has its place by now; whoever was refused hears of room when there is. */
    void sent(Child child, Frame.Sent sent) {
        child.send(new Frame.Taken(sent.to(), sent.position(), sent.refused()));
        SocketConnection connection = connections.get(sent.to());
        if (sent.refused() && connection != null) {
            connection.tellWhenDrained();
        }
    }

    /** What is streamed is told to be taken, so that no more is on its way than the child may send. */
    void part(Child child, Frame.SendPart part) {
        SocketConnection connection = connections.get(part.connectionId());
        Data data = ((Payload.Inline) part.payload()).data(Codec.json());
        if (connection == null || !connection.isOpen()) {
            child.send(new Frame.PartTaken(part.connectionId(), Frame.PartTaken.GONE));
            return;
        }
        connection.sentBy(child.serial(), data);
        if (connection.sendOrKeep(data)) {
            congested(connection.id(), child);
        } else {
            child.send(new Frame.PartTaken(connection.id(), data.bytes().length));
        }
    }

    /** It has ended: responses that it was streaming have no end, and their clients must see that. */
    void gone(Child child) {
        congested.values().forEach(told -> told.remove(child.serial()));
        passing.stream().filter(one -> one.writer == child.serial()).forEach(one -> one.writerGone = true);
        connections.writerGone(child.serial());
    }

    void answer(Child child, Frame.Answer answer) {
        var part = HttpPart.of(((Payload.Inline) answer.payload()).bytes());
        SocketConnection connection = connections.get(Request.connectionOf(part.requestId()));
        if (connection != null && connection.socket() instanceof RemoteSocket remote) {
            pass(child, answer.question(), connection, remote, part);
            return;
        }
        Frame.Answered.How how;
        try {
            how = connection != null && connection.answer(part) ? Frame.Answered.How.TAKEN : Frame.Answered.How.GONE;
            if (connection != null && how == Frame.Answered.How.TAKEN) {
                connection.sentBy(child.serial(), part.packet());
            }
        } catch (IllegalStateException e) { // which is for whoever answers
            how = Frame.Answered.How.TOO_LATE;
        }
        child.send(new Frame.Answered(answer.question(), how));
    }

    /** Its writer may be gone before the child that has the socket has said that it is the answer. */
    private void pass(Child child, long question, SocketConnection connection, RemoteSocket socket, HttpPart part) {
        var one = new Passing(child.serial());
        passing.add(one);
        childSockets.answer(socket, part, how -> {
            passing.remove(one);
            if (how == Frame.Answered.How.TAKEN) {
                connection.sentBy(child.serial(), part.packet());
            }
            if (one.writerGone) {
                connection.writerGone(child.serial());
            } else {
                child.send(new Frame.Answered(question, how));
            }
        });
    }

    /** A child that does not handle it does not know whether it is a WebSocket. */
    void close(Child child, Frame.Close close) {
        SocketConnection connection = connections.get(close.connectionId());
        if (connection == null) {
            connections.others().close(close.connectionId(), close.why());
            return;
        }
        if (!close.why().equals(CloseStatus.NORMAL) && !connection.hasCloseCodes()) {
            LOG.warn(
                    "child {} closes {} with code {}, but it is no WebSocket; closed without",
                    child.pid(),
                    connection,
                    close.why().code());
        }
        connection.close(close.why());
    }

    private void congested(long connection, Child child) {
        if (congested.computeIfAbsent(connection, _ -> new HashMap<>()).put(child.serial(), child) == null) {
            child.send(new Frame.Congested(connection));
        }
    }

    /** What was kept for it is sent, or it is gone. */
    void uncongested(long connection) {
        var told = congested.remove(connection);
        if (told != null) {
            told.values().forEach(child -> child.send(new Frame.Uncongested(connection)));
        }
    }
}
