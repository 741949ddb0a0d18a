package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.HttpPart;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Connection;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.netty.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A connection whose socket is in this process. What a child sends while the socket takes nothing is kept, because the
 * child was told that it is sent; until that is gone, nothing else is taken either.
 */
public final class SocketConnection implements Connection {

    private static final Logger LOG = Log.of(SocketConnection.class);

    /** More than children can have on their way before they hear that they should stop; beyond it the peer is cut off. */
    private static final long MAX_KEPT_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** Whether a connection for which somebody waits is still open. */
    private static final long LOOK_AGAIN_MILLIS = 500;

    private static final long NOBODY = -1;

    private final Socket socket;
    private final ApplicationProtocol protocol;
    private final Deque<Data> kept = new ArrayDeque<>();
    private volatile boolean keeping;
    /** The answer that makes it a WebSocket has been given. */
    private volatile boolean upgrading;
    /** The serial of the child that has begun a response and not ended it. */
    private volatile long streamedBy = NOBODY;

    private long keptBytes;
    private volatile @Nullable CloseStatus closing;
    private volatile Runnable whenClosing = () -> {};
    private volatile @Nullable Object attachment;

    /** By the monotonic clock. Written by the loop alone: who else looks may see them a little late. */
    private long openedNanos;

    private long heardNanos;

    public SocketConnection(Socket socket, ApplicationProtocol protocol) {
        this.socket = socket;
        this.protocol = protocol;
    }

    @Override
    public Peer peer() {
        return socket.peer();
    }

    @Override
    public boolean send(Object message) {
        return !keeping && socket.send(protocol.encode(message));
    }

    /** Its part of what goes to many; false if it takes no such messages, or too much waits. */
    public boolean send(SharedMessage message) {
        return !keeping && closing == null && socket.send(message.packet(protocol));
    }

    /** Encodes it; throws what a protocol of the program's own throws. */
    public void prepare(SharedMessage message) {
        var _ = message.packet(protocol);
    }

    /** Whether it takes messages that answer nothing. */
    public boolean takesMessages() {
        return (upgrading || socket.takesMessages()) && socket.isOpen();
    }

    /** See {@link Engine#answer}. */
    public boolean answer(HttpPart part) {
        if (!part.is(HttpPart.FIRST)) {
            return part.is(HttpPart.LAST) ? sendLast(part.packet()) : sendWhenThereIsRoom(part.packet());
        }
        if (socket.claim(part.requestId())) {
            var packet = part.with(HttpPart.CLAIMED).packet();
            upgrades(packet);
            sendOrKeep(packet);
            return true;
        }
        if (!socket.isOpen()) {
            return false;
        }
        throw notWaitedFor(part.requestId());
    }

    /** See {@link Engine#askBody}. */
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        socket.askBody(requestId, bytes, sink);
    }

    /** A child sends a part of a response, or a message. */
    public void sentBy(long childSerial, Data packet) {
        if (protocol.hasRequests() && packet.kind() == Data.Kind.OBJECT && !ControlFrame.isOne(packet.bytes())) {
            upgrades(packet);
            streamedBy = HttpPart.isLast(packet.bytes()) ? NOBODY : childSerial;
        }
    }

    /** What is sent behind the answer to a handshake follows it. */
    private void upgrades(Data packet) {
        if (HttpPart.isUpgrade(packet.bytes())) {
            upgrading = true;
        }
    }

    /** A child has ended: a response of which it has sent the beginning has no end. */
    public void writerGone(long childSerial) {
        if (streamedBy == childSerial) {
            socket.destroy("the process that was writing its answer has ended");
        }
    }

    /** It is open from now on. */
    public void opened(long nanos) {
        openedNanos = nanos;
        heardNanos = nanos;
    }

    /** A message has come. */
    public void heard(long nanos) {
        heardNanos = nanos;
    }

    public long openedNanos() {
        return openedNanos;
    }

    public long heardNanos() {
        return heardNanos;
    }

    /** What it has received and sent, and what it is. */
    public Socket socket() {
        return socket;
    }

    /** Taken to be sent, here or by the socket. */
    public synchronized long waitingBytes() {
        return keptBytes + socket.waitingBytes();
    }

    /** How it is named in {@link dev.shunt.net.ConnectionInfo}. */
    public String protocolName() {
        if (!protocol.beginsWithHttp()) {
            return "stream";
        }
        return socket.takesMessages() ? "websocket" : "http";
    }

    public static IllegalStateException notWaitedFor(long requestId) {
        return new IllegalStateException("request " + requestId
                + " has been answered, or is no longer waited for (answerTimeout); there is one answer to each");
    }

    /** A response has an end, whatever waits. */
    private boolean sendLast(Data packet) {
        boolean open = socket.isOpen();
        sendOrKeep(packet);
        return open;
    }

    /** The socket is asked with the lock held: it tells that there is room by {@link #sendKept}. */
    private synchronized boolean sendWhenThereIsRoom(Data packet) {
        while (keeping || !socket.send(packet)) {
            if (!socket.isOpen() || !mayWait()) {
                return false;
            }
            try {
                wait(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private boolean mayWait() {
        CurrentEngine current = CurrentEngine.orNull();
        return !socket.loop().inLoop() && (current == null || current.mayWait());
    }

    public Data encoded(Object message) {
        return protocol.encode(message);
    }

    /** For a child: sends the packet, or keeps it until the socket takes it. True if it is kept. */
    public synchronized boolean sendOrKeep(Data packet) {
        if (closing != null || (!keeping && socket.send(packet)) || !socket.isOpen()) {
            return false;
        }
        keeping = true;
        kept.add(packet);
        keptBytes += packet.bytes().length;
        socket.keeps(keptBytes);
        if (keptBytes > MAX_KEPT_BYTES) {
            socket.destroy("its peer reads too slowly: " + keptBytes + " bytes wait");
        }
        return true;
    }

    /** For a child whose {@code send} has refused something. */
    public void tellWhenDrained() {
        socket.tellWhenDrained();
    }

    /** The socket takes packets again. True if nothing is kept any more. */
    public synchronized boolean sendKept() {
        for (Data next = kept.peek(); next != null && socket.send(next); next = kept.peek()) {
            kept.remove();
            keptBytes -= next.bytes().length;
        }
        socket.keeps(keptBytes);
        keeping = !kept.isEmpty();
        notifyAll();
        if (!keeping && closing != null) {
            socket.close(closing);
        }
        return !keeping;
    }

    /** Once, when the program closes it: no message of it is handled any more. Before anybody else knows it. */
    public void whenClosing(Runnable action) {
        whenClosing = action;
    }

    /** The program has closed it, or a handler of it has failed; what waits to be sent may hold up the end. */
    public boolean isClosing() {
        return closing != null;
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(int code, String reason) {
        close(protocol.closeStatus(this, code, reason));
    }

    @Override
    public void abort() {
        synchronized (this) {
            if (closing == null) {
                closing = CloseStatus.ABNORMAL;
            }
        }
        socket.destroy("aborted by the program");
        whenClosing.run();
    }

    /** A handler threw; see {@link #close()}. */
    public void breakOff() {
        close(CloseStatus.FAILED);
    }

    /** Where there are no codes, {@code why} is told nobody. */
    public void close(CloseStatus why) {
        synchronized (this) {
            if (closing != null) {
                return;
            }
            closing = why;
            if (keeping) {
                var _ = socket.loop().schedule(this::giveUpKept, Limits.DEFAULT.closeTimeout());
            } else {
                socket.close(why);
            }
        }
        whenClosing.run();
    }

    /** It is a WebSocket. */
    public boolean hasCloseCodes() {
        return protocol.hasCloseCodes();
    }

    @Override
    public int closeCode() {
        return socket.closeStatus().code();
    }

    @Override
    public String closeReason() {
        return socket.closeStatus().reason();
    }

    private synchronized void giveUpKept() {
        if (keeping && socket.isOpen()) {
            LOG.info("{} is closed with {} bytes unsent", this, keptBytes);
            socket.destroy("not closed in order: its peer reads too slowly");
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public String toString() {
        return "connection " + id() + " with " + remoteAddress();
    }
}
