package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.net.Peer;
import dev.shunt.netty.Wire.Goodbye;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Socket} on a Netty channel. Its state changes on the loop's thread only; other threads leave packets in the
 * {@link Outbox} and ask the loop for the rest. After CLOSED the channel may linger, its input thrown away, so that the
 * peer gets what was sent last instead of a reset.
 *
 * <pre>
 *   OPENING ──► OPEN ──close()──► CLOSING ──flushed, goodbye answered, or too late──► CLOSED
 *      │         ├──peer is gone, packets wait to be delivered──► GONE ──delivered──► CLOSED
 *      └─────────┴──destroy(), failure, refusal─────────────────────────────────────► CLOSED
 * </pre>
 */
final class ChannelSocket implements Socket {

    /** How long a closed channel waits for its peer to close too; Workerman's linger timeout. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ChannelSocket.class);

    private enum State {
        OPENING,
        OPEN,
        CLOSING,
        GONE,
        CLOSED
    }

    private final SocketSpec spec;
    private final NettyLoop loop;
    private final Outbox outbox;
    private volatile Peer peer;
    private volatile State state = State.OPENING;
    /** From the first {@link #close} or {@link #destroy} on, whatever thread called it. */
    private volatile boolean leaving;

    private volatile boolean paused;
    private volatile @Nullable Object attachment;

    private @Nullable Channel channel;
    private @Nullable Wire wire;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable String lastWords;
    private boolean inputEnded;
    private boolean inputEndTold;
    /** Closed with the whole program, so not longer than needed. */
    private boolean expedited;
    /** Whether the owner of the events has heard of it, and so must hear of its end. */
    private boolean known;

    ChannelSocket(SocketSpec spec, NettyLoop loop, Peer peer) {
        this.spec = spec;
        this.loop = loop;
        this.peer = peer;
        outbox = new Outbox(this, loop, spec.limits().maxSendBytes());
        known = isOutgoing();
        spec.open().add(this);
    }

    // For any thread

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN && !leaving;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }

    @Override
    public boolean send(Data packet) {
        return !leaving && state != State.GONE && outbox.offer(packet.kind(), packet.bytes());
    }

    @Override
    public void close() {
        if (!leaving) {
            leaving = true;
            loop.run(() -> leave(Goodbye.DONE));
        }
    }

    @Override
    public void destroy(String reason) {
        leaving = true;
        loop.run(() -> cut(reason));
    }

    /** As {@link #close}, for the end of the program: the peer is told so, and not waited for longer than {@link #LINGER}. */
    void shutDown() {
        leaving = true;
        loop.run(() -> {
            expedited = true;
            switch (state) {
                case OPENING, OPEN, GONE -> leave(Goodbye.SHUTDOWN);
                case CLOSING -> limitClosing();
                case CLOSED -> closeChannel();
            }
        });
    }

    @Override
    public void pauseReading() {
        paused = true;
        loop.run(this::regulate);
    }

    @Override
    public void resumeReading() {
        paused = false;
        loop.ask(() -> {
            regulate();
            proceed();
        });
    }

    // From here on: the loop's thread only. First what its channel and its wire tell it

    /** The channel that shall carry it, with the wire that opens it. An outgoing socket may try several. */
    void carriedBy(Channel channel, Wire wire) {
        this.channel = channel;
        this.wire = wire;
        outbox.carriedBy(channel);
        spec.open().add(this);
        channel.closeFuture().addListener(_ -> {
            if (channel.equals(this.channel)) {
                spec.open().remove(this);
            }
        });
    }

    void openWithin(Duration timeout, Runnable otherwise) {
        deadline = loop.schedule(otherwise, timeout);
    }

    boolean isOpening() {
        return state == State.OPENING && !leaving;
    }

    void opened(Wire wire) {
        this.wire = wire;
        cancelDeadline();
        peer = Peers.of(channel(), peer.connectionId());
        state = State.OPEN;
        known = true;
        outbox.opened(wire);
        spec.events().opened(this);
    }

    /** It could not be opened. Of an accepted one that is nobody's concern. */
    void failed(String message) {
        if (state != State.OPENING) {
            return;
        }
        LOG.debug("{}: {}", this, message);
        if (known) {
            loop.ask(() -> spec.events().failed(this, message));
        }
        end(message);
        closeChannel();
    }

    boolean mayDeliver() {
        return !paused && !leaving && (state == State.GONE || (state == State.OPEN && !outbox.isCongested()));
    }

    /** Whether what arrives may still be delivered some time. */
    boolean wantsInput() {
        return !leaving && (state == State.OPEN || state == State.GONE);
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    void deliver(Data packet) {
        spec.events().received(this, packet);
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
        inputEnded = true;
        if (state == State.CLOSED) {
            closeChannel();
        } else {
            proceed();
        }
    }

    void disconnected() {
        cancelDeadline();
        outbox.discard();
        switch (state) {
            case OPEN -> {
                state = State.GONE;
                proceed();
            }
            case OPENING ->
                failed("cannot connect to " + spec.endpoint() + ": lost before it was open, "
                        + lastWords("closed by the peer"));
            case CLOSING -> end(lastWords("closed here"));
            case GONE, CLOSED -> {}
        }
    }

    void broke(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{}: {}", this, cause.toString());
            noteLastWords(Objects.requireNonNullElse(cause.getMessage(), "connection lost"));
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

    /** There is room again after a refusal, or after so much waited that the peer was not read from. */
    void drained() {
        if (state == State.OPEN) {
            regulate();
            spec.events().drained(this);
            proceed();
        }
    }

    /** Reads from the channel or not, as things stand. */
    void regulate() {
        if (channel != null && channel.isOpen()) {
            boolean read = state != State.OPEN || (!paused && !outbox.isCongested());
            if (channel.config().isAutoRead() != read) {
                channel.config().setAutoRead(read);
            }
        }
    }

    Outbox outbox() {
        return outbox;
    }

    private void proceed() {
        if (!wantsInput()) {
            return;
        }
        wire().proceed();
        if (wire().holds() && !mayDeliver()) {
            return;
        }
        if (state == State.GONE) {
            end(lastWords("closed by the peer"));
        } else if (inputEnded && !inputEndTold && wantsInput()) {
            inputEndTold = true;
            noteLastWords("closed by the peer");
            spec.events().inputEnded(this);
        }
    }

    private void leave(Goodbye goodbye) {
        switch (state) {
            case OPENING, GONE -> {
                end(lastWords("closed here"));
                closeChannel();
            }
            case OPEN -> {
                outbox.collect();
                if (wire().sayGoodbye(goodbye)) {
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
        noteLastWords(reason);
        state = State.CLOSING;
        limitClosing();
        wire().proceed();
        regulate();
    }

    private void limitClosing() {
        cancelDeadline();
        var timeout = spec.limits().closeTimeout();
        var limit = expedited && LINGER.compareTo(timeout) < 0 ? LINGER : timeout;
        deadline = loop.schedule(() -> cut("not closed in order within " + limit.toMillis() + " ms"), limit);
    }

    /** All is said: the end of what we send, and a moment for the peer to read it. */
    private void finish() {
        if (state != State.CLOSING) {
            return;
        }
        end(lastWords("closed here"));
        if (inputEnded || expedited) {
            closeChannel();
        } else {
            var _ = ((DuplexChannel) channel()).shutdownOutput();
            deadline = loop.schedule(this::closeChannel, LINGER);
        }
    }

    private void cut(String reason) {
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
        state = State.CLOSED;
        cancelDeadline();
        if (channel == null) {
            spec.open().remove(this);
        }
        if (known) {
            loop.ask(() -> spec.events().closed(this, reason));
        }
    }

    private void closeChannel() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void noteLastWords(String reason) {
        if (lastWords == null) {
            lastWords = reason;
        }
    }

    private String lastWords(String otherwise) {
        return lastWords == null ? otherwise : lastWords;
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
