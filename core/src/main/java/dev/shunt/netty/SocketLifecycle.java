package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * When one socket opens, delivers and closes: told by its channel and its {@link Wire}, and by {@link ChannelSocket}
 * what its owner wants. After CLOSED the channel may linger, its input thrown away, so that the peer gets what was sent
 * last instead of a reset. The loop's thread only, but for what is said to be for any.
 *
 * <pre>
 *   OPENING ──► OPEN ──leave()──► CLOSING ──flushed, goodbye answered, or too late──► CLOSED
 *      │         ├──peer is gone, packets wait to be delivered──► GONE ──delivered──► CLOSED
 *      └─────────┴──cut(), failure, refusal─────────────────────────────────────────► CLOSED
 * </pre>
 */
final class SocketLifecycle implements Outbox.Owner, PaceKeeper.Watched {

    private static final Logger LOG = Log.of(SocketLifecycle.class);

    private enum State {
        OPENING,
        OPEN,
        CLOSING,
        GONE,
        CLOSED
    }

    private final Socket socket;
    private final SocketSpec spec;
    private final NettyLoop loop;
    private final Outbox outbox;
    private final Input input;
    private final SocketEnding ending;
    private final SocketMemory memory;
    private final Pace pace;
    private volatile Peer peer;
    private volatile State state = State.OPENING;
    private volatile CloseStatus closeStatus = CloseStatus.NONE;
    /** It is to close, from the moment that its owner said so. */
    private volatile boolean leaving;

    private final Unanswered asked = new Unanswered();

    private @Nullable Channel channel;
    private @Nullable Wire wire;
    /** Whether the owner of the events has heard of it, and so must hear of its end. */
    private boolean known;
    /** What was another protocol is a WebSocket now. */
    private volatile boolean upgraded;
    /** Written by the loop's thread alone; who else looks may see it a little late. */
    private long receivedBytes;

    SocketLifecycle(Socket socket, SocketSpec spec, NettyLoop loop, Peer peer) {
        this.socket = socket;
        this.spec = spec;
        this.loop = loop;
        this.peer = peer;
        outbox = new Outbox(this, loop, spec.limits().maxSendBytes());
        input = new Input(outbox);
        ending = new SocketEnding(loop);
        memory = new SocketMemory(spec.budget(), socket);
        pace = new Pace(spec.limits(), loop.paces(), outbox);
        known = isOutgoing();
    }

    // For any thread

    Peer peer() {
        return peer;
    }

    NettyLoop loop() {
        return loop;
    }

    Outbox outbox() {
        return outbox;
    }

    Input input() {
        return input;
    }

    SocketMemory memory() {
        return memory;
    }

    boolean isOpen() {
        return state == State.OPEN && !leaving;
    }

    /** Whether packets are taken to be sent, now or when it is open. */
    boolean takesPackets() {
        return !leaving && state != State.GONE;
    }

    /** See {@link Socket#takesMessages}. */
    boolean takesMessages() {
        return upgraded || !spec.protocol().hasRequests();
    }

    long receivedBytes() {
        return receivedBytes;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Nothing is delivered or taken any more; {@link #leave} or {@link #cut} follows on the loop. */
    void setLeaving() {
        leaving = true;
    }

    Unanswered asked() {
        return asked;
    }

    /** See {@link Socket#closeStatus}. */
    CloseStatus closeStatus() {
        return state == State.CLOSED ? closeStatus : CloseStatus.NONE;
    }

    // From here on: the loop's thread only

    /** The peer closes, and says why: all that it sent before is still handled. */
    void heard(CloseStatus why, String reason) {
        closeStatus = why;
        ending.note(reason);
        input.goodbye();
        proceed();
    }

    /** The channel that shall carry it, with the wire that opens it. An outgoing socket may try several. */
    void carriedBy(Channel channel, Wire wire) {
        this.channel = channel;
        this.wire = wire;
        outbox.carriedBy(channel);
        spec.open().add(socket);
        channel.closeFuture().addListener(_ -> {
            if (channel.equals(this.channel)) {
                spec.open().remove(socket);
            }
        });
    }

    void openWithin(Duration timeout, Runnable otherwise) {
        ending.within(timeout, otherwise);
    }

    boolean isOpening() {
        return state == State.OPENING && !leaving;
    }

    void askBody(long requestId, int bytes, Bodies.Sink sink) {
        if (wire == null || state != State.OPEN) {
            sink.failed("the client has gone");
        } else {
            wire.askBody(requestId, bytes, sink);
        }
    }

    void opened(Wire wire) {
        this.wire = wire;
        if (state == State.OPEN) {
            upgraded = true;
            outbox.opened(wire);
            return;
        }
        ending.cancelDeadline();
        peer = Peers.of(channel(), peer.connectionId(), spec.endpoint());
        state = State.OPEN;
        known = true;
        outbox.opened(wire);
        spec.events().opened(socket);
    }

    /** It could not be opened. Of an accepted one that is nobody's concern. */
    void failed(String message) {
        if (state != State.OPENING) {
            return;
        }
        LOG.debug("{}: {}", this, message);
        if (known) {
            loop.ask(() -> spec.events().failed(socket, message));
        }
        end(message);
        closeChannel();
    }

    String cannotConnect(String why) {
        return (isOutgoing() ? "cannot connect to " + spec.endpoint() + ": " : "") + why;
    }

    boolean mayDeliver() {
        return !input.isPaused()
                && !leaving
                && (state == State.GONE || (state == State.OPEN && !outbox.isCongested()))
                && spec.events().takes(socket);
    }

    /**
     * What the wire holds after it has delivered what it could.
     *
     * @param bytes in memory
     * @param messageBytes of these, and of what has been read before, those of a message that goes on; 0 for none
     * @param begins it is another message than the last time
     */
    void holds(long bytes, long messageBytes, boolean begins) {
        memory.received(bytes);
        if (messageBytes == 0) {
            pace.whole();
        } else {
            pace.unfinished(messageBytes, begins);
            watchPace();
        }
    }

    @Override
    public void unsent(long bytes) {
        memory.unsent(bytes);
        watchPace();
    }

    private void watchPace() {
        if (pace.takeWatch()) {
            loop.paces().watch(this);
        }
    }

    @Override
    public boolean keepsPace() {
        if (state != State.OPEN) {
            return false;
        }
        String slow = pace.slowReader();
        String problem = slow == null ? pace.lateMessage(channel().config()) : slow;
        if (problem != null) {
            boolean refused = slow == null && wire().refusesLate();
            LOG.warn("{} is {}: {}", this, refused ? "refused, and closes" : "cut", problem);
            if (!refused) {
                cut(problem);
            }
        }
        return state == State.OPEN && pace.isWatched();
    }

    /** Whether what arrives may still be delivered some time. */
    boolean wantsInput() {
        return !leaving && (state == State.OPEN || state == State.GONE);
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    void deliver(Data packet) {
        receivedBytes += packet.size();
        spec.events().received(socket, packet);
    }

    /** Input has come, and more of it may; {@link #readAll} follows. */
    void reading() {
        outbox.holdBack();
    }

    void readAll() {
        outbox.flush();
    }

    /** The peer will send no more, though it may still listen. */
    void inputEnded() {
        input.end();
        if (state == State.CLOSED) {
            closeChannel();
        } else {
            proceed();
        }
    }

    void disconnected() {
        ending.cancelDeadline();
        outbox.discard();
        switch (state) {
            case OPEN -> {
                state = State.GONE;
                proceed();
            }
            case OPENING -> failed(cannotConnect("lost before it was open, " + ending.reason("closed by the peer")));
            case CLOSING -> end(ending.reason("closed here"));
            case GONE, CLOSED -> {}
        }
    }

    @Override
    public void broke(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{}: {}", this, cause.toString());
            ending.note(Objects.requireNonNullElse(cause.getMessage(), "connection lost"));
        } else if (cause instanceof OutOfMemoryError) {
            LOG.warn("{} is cut: no memory is left for what it sends or is sent: {}", this, cause.getMessage());
            end("no memory is left for it");
        } else {
            LOG.error("{}: closed, because its handler threw", this, cause);
            end("its handler threw " + cause);
        }
        closeChannel();
    }

    /** Closes without asking the peer for an answer, once all that was sent has been written. */
    void closeWhenFlushed(String reason) {
        if (state == State.OPEN || state == State.OPENING) {
            beginClosing(reason);
        }
        if (state == State.CLOSING) {
            outbox.flushThen(this::finish);
        }
    }

    @Override
    public void congested() {
        regulate();
    }

    @Override
    public void drained() {
        if (state == State.OPEN) {
            regulate();
            spec.events().drained(socket);
            proceed();
        }
    }

    /** Reads from the channel or not, as things stand. */
    void regulate() {
        if (channel != null) {
            boolean delivers = state == State.OPEN;
            boolean wanted = !delivers || wire().wantsMore();
            input.regulate(channel, delivers, wanted, delivers && wire().wantsNow());
        }
    }

    void proceed() {
        if (!wantsInput()) {
            return;
        }
        wire().proceed();
        if ((wire().holds() && !mayDeliver()) || (state == State.OPEN && wire().owes())) {
            return;
        }
        if (state == State.GONE) {
            end(ending.reason("closed by the peer"));
        } else if (wantsInput() && input.takeEnd()) {
            ending.note("closed by the peer");
            spec.events().inputEnded(socket);
        }
    }

    /** The owner wants it closed, in order. */
    void leave(CloseStatus why) {
        switch (state) {
            case OPENING, GONE -> {
                end(ending.reason("closed here"));
                closeChannel();
            }
            case OPEN -> {
                outbox.collect();
                if (wire().sayGoodbye(why)) {
                    beginClosing("closed here");
                } else {
                    closeWhenFlushed("closed here");
                }
            }
            case CLOSING, CLOSED -> {}
        }
    }

    private void beginClosing(String reason) {
        leaving = true;
        ending.note(reason);
        state = State.CLOSING;
        ending.closedWithin(spec.limits().closeTimeout(), this::cut);
        wire().proceed();
        regulate();
    }

    /** Its listener takes no more connections. */
    void drain() {
        if (state == State.OPEN) {
            wire().drain();
        }
    }

    /** The program ends: the peer is told so, and not waited for longer than {@link SocketEnding#LINGER}. */
    void shutDown() {
        ending.expedite();
        switch (state) {
            case OPENING, OPEN, GONE -> leave(CloseStatus.GOING_AWAY);
            case CLOSING -> ending.closedWithin(spec.limits().closeTimeout(), this::cut);
            case CLOSED -> closeChannel();
        }
    }

    /** All is said: the end of what we send, and a moment for the peer to read it. */
    private void finish() {
        if (state != State.CLOSING) {
            return;
        }
        end(ending.reason("closed here"));
        if (input.hasEnded() || ending.isExpedited()) {
            closeChannel();
        } else {
            SocketEnding.endOutput(channel());
            ending.within(SocketEnding.LINGER, this::closeChannel);
        }
    }

    /** Whoever handles it is gone: its peer is told so if that can be said, else it is cut. */
    void lost(String reason) {
        if (state == State.OPEN && wire().explainsLoss()) {
            LOG.info("{}: {}", this, reason);
            closeWhenFlushed(reason);
        } else {
            cut(reason);
        }
    }

    /** Closes it now, whatever waits. */
    void cut(String reason) {
        if (state != State.CLOSED) {
            LOG.info("{}: {}", this, reason);
            end(reason);
            closeChannel();
        }
    }

    /** Reports the end; later, so that nobody is called back from inside a call of its own. */
    private void end(String reason) {
        if (state == State.CLOSED) {
            return;
        }
        leaving = true;
        asked.forget();
        if (closeStatus.equals(CloseStatus.NONE) && (upgraded || spec.protocol().hasCloseCodes())) {
            closeStatus = CloseStatus.ABNORMAL;
        }
        state = State.CLOSED;
        memory.release();
        ending.cancelDeadline();
        if (channel == null) {
            spec.open().remove(socket);
        }
        if (known) {
            loop.ask(() -> spec.events().closed(socket, reason));
        }
        if (wire != null) {
            wire.drop();
        }
    }

    private void closeChannel() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    private Channel channel() {
        return Objects.requireNonNull(channel, "no channel yet");
    }

    private Wire wire() {
        return Objects.requireNonNull(wire, "no wire yet");
    }

    private boolean isOutgoing() {
        return peer.connectionId() < 0;
    }

    @Override
    public String toString() {
        return "connection " + peer.connectionId() + (isOutgoing() ? " to " : " from " + peer.remoteAddress() + " on ")
                + spec.endpoint();
    }
}
