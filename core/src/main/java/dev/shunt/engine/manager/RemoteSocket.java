package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import dev.shunt.netty.SharedPacket;
import dev.shunt.netty.Socket;
import dev.shunt.plan.Listener;
import dev.shunt.process.Child;
import dev.shunt.timer.Loop;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A socket that a child has, as its manager sees it: what is asked of it becomes frames, in their order. Any thread; what its
 * child says of it is told on the main loop.
 */
final class RemoteSocket implements Socket {

    private static final Logger LOG = Log.of(RemoteSocket.class);

    /** What is around a packet in its frame, and the ids of those it goes to. */
    private static final int FRAME = 1 << 20;

    private final Child child;
    private final Listener listener;
    private final Peer peer;
    private final ChildSockets sockets;
    private final ListenerCounts counts;
    private final AtomicLong sent = new AtomicLong();
    private volatile long taken;
    private volatile boolean refused;
    private volatile boolean leaving;
    private volatile boolean upgraded;
    private volatile @Nullable Object attachment;

    // Written on the main loop; who else looks may see them a little late.
    private long messages;
    private long bytesIn;
    private long bytesOut;
    private long waitingBytes;

    RemoteSocket(Child child, Listener listener, Peer peer, ChildSockets sockets, ListenerCounts counts) {
        this.counts = counts;
        this.child = child;
        this.listener = listener;
        this.peer = peer;
        this.sockets = sockets;
    }

    Child child() {
        return child;
    }

    /** Of its listener. */
    ListenerCounts counts() {
        return counts;
    }

    /** What its child has counted. */
    void counted(Frame.SocketCount count) {
        counts.messagesReceived(count.messages() - messages);
        messages = count.messages();
        bytesIn = count.bytesIn();
        bytesOut = count.bytesOut();
        waitingBytes = count.waitingBytes();
    }

    /** Its child has taken what was sent up to there. Whether there is room again, of which there was none. */
    boolean delivered(long position) {
        taken = Math.max(taken, position);
        if (refused && isHalfEmpty()) {
            refused = false;
            return true;
        }
        return false;
    }

    void upgraded() {
        upgraded = true;
    }

    void closed() {
        leaving = true;
    }

    private boolean isHalfEmpty() {
        return sent.get() - taken <= listener.limits().maxSendBytes() / 2;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Loop loop() {
        return sockets.main();
    }

    @Override
    public boolean send(Data packet) {
        if (!takes(packet.size())) {
            return false;
        }
        sockets.tell(child, new Frame.Deliver(peer.connectionId(), Payload.inline(packet)));
        return true;
    }

    @Override
    public boolean send(SharedPacket packet) {
        if (!takes(packet.length())) {
            return false;
        }
        sockets.deliver(child, peer.connectionId(), packet);
        return true;
    }

    private boolean takes(int bytes) {
        if (leaving) {
            return false;
        }
        if (bytes > child.maxFrameBytes() - FRAME) {
            LOG.warn(
                    "{}: {} bytes for it are dropped: its process takes {} at once, half of the smaller heap of both (-Xmx, which"
                            + " jvmOptions(...) sets for children), or 256 MiB",
                    this,
                    bytes,
                    child.maxFrameBytes());
            return false;
        }
        if (sent.get() - taken >= listener.limits().maxSendBytes()) {
            refused = true;
            if (!isHalfEmpty()) {
                return false;
            }
            refused = false; // all was taken meanwhile, and nobody tells so again
        }
        sent.addAndGet(Math.max(1, bytes));
        return true;
    }

    @Override
    public void tellWhenDrained() {
        refused = true;
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(CloseStatus why) {
        if (!leaving) {
            leaving = true;
            sockets.tell(child, new Frame.CloseSocket(peer.connectionId(), why));
        }
    }

    @Override
    public CloseStatus closeStatus() {
        return CloseStatus.NONE;
    }

    @Override
    public void shutDown() {
        close(CloseStatus.GOING_AWAY);
    }

    @Override
    public void destroy(String reason) {
        leaving = true;
        sockets.tell(child, new Frame.CutSocket(peer.connectionId(), reason));
    }

    /** Its child reads it as fast as its handlers are. */
    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public boolean isOpen() {
        return !leaving;
    }

    @Override
    public boolean takesMessages() {
        return upgraded || !listener.protocol().hasRequests();
    }

    @Override
    public long receivedBytes() {
        return bytesIn;
    }

    @Override
    public long sentBytes() {
        return bytesOut;
    }

    @Override
    public long waitingBytes() {
        return waitingBytes;
    }

    /** Bounded by {@link dev.shunt.engine.SocketConnection}; the budget is that of sockets of this process. */
    @Override
    public void keeps(long bytes) {}

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
        return "connection " + peer.connectionId() + " from " + peer.remoteAddress() + " in " + child;
    }
}
