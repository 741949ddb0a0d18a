package dev.shunt.testkit;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Buffer;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import dev.shunt.netty.SharedPacket;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a connection without a network. Its events come on its loop, as those of a socket do. */
final class ManualSocket implements Socket {

    /** Where packets go. */
    interface FarEnd {

        void arrived(Data packet);

        /** @param why as a WebSocket tells it */
        void closed(CloseStatus why);
    }

    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private enum State {
        OPENING,
        OPEN,
        LEAVING,
        CLOSED
    }

    private final ManualLoop loop;
    private final Peer peer;
    private final ApplicationProtocol protocol;
    private final Limits limits;
    private final SocketEvents events;
    private final Deque<Data> messages = new ArrayDeque<>();
    private byte[] stream = {};
    private State state = State.OPENING;
    private boolean paused;
    private boolean ended;
    private CloseStatus closeStatus = CloseStatus.NONE;
    private final @Nullable ManualHttp http;
    private @Nullable FarEnd farEnd;
    private @Nullable Object attachment;

    ManualSocket(ManualLoop loop, Peer peer, ApplicationProtocol protocol, Limits limits, SocketEvents events) {
        this.loop = loop;
        this.peer = peer;
        this.protocol = protocol;
        this.limits = limits;
        this.events = events;
        http = protocol instanceof ApplicationProtocol.Http(var settings) ? new ManualHttp(loop, peer, settings) : null;
    }

    /** On the loop. */
    void open(FarEnd other) {
        farEnd = other;
        if (state == State.OPENING) {
            state = State.OPEN;
            events.opened(this);
        } else {
            closed("closed before it was open", CloseStatus.ABNORMAL);
        }
    }

    /** On the loop: nobody is there. */
    void refuse(String message) {
        if (state == State.OPENING) {
            events.failed(this, message);
        }
        closed(message, CloseStatus.ABNORMAL);
    }

    /** A packet from the other end; of a stream its bytes, which need not be whole messages. */
    void arrive(Data packet) {
        loop.execute(() -> {
            switch (protocol) {
                case ApplicationProtocol.Framing _ -> append(packet.bytes());
                case ApplicationProtocol.WebSocket _, ApplicationProtocol.Http _, ApplicationProtocol.Packets _ ->
                    messages.add(asSent(packet));
            }
            proceed();
        });
    }

    /** A request of the other end. */
    void asks(ManualRequest request) {
        loop.execute(() -> {
            http().asks(request);
            proceed();
        });
    }

    private ManualHttp http() {
        return Objects.requireNonNull(http, "no HTTP is spoken here");
    }

    private void append(byte[] bytes) {
        int length = stream.length;
        stream = Arrays.copyOf(stream, length + bytes.length);
        System.arraycopy(bytes, 0, stream, length, bytes.length);
    }

    /** A WebSocket has text and binary messages only. */
    private static Data asSent(Data packet) {
        var kind = packet.kind() == Data.Kind.BYTES ? Data.Kind.BYTES : Data.Kind.TEXT;
        return Data.received(kind, packet.bytes(), Codec.json());
    }

    /** The other end sends no more; of a WebSocket, it says why. */
    void end(CloseStatus why) {
        loop.execute(() -> {
            if (isWebSocket() && state != State.CLOSED) {
                closeStatus = why;
            }
            ended = true;
            proceed();
        });
    }

    private void proceed() {
        for (Data next = next(); next != null; next = next()) {
            events.received(this, next);
        }
        if (ended && state == State.OPEN && !paused && (http == null || !http.isAsked())) {
            ended = false;
            events.inputEnded(this);
        }
    }

    private @Nullable Data next() {
        if (state != State.OPEN || paused) {
            return null;
        }
        return switch (protocol) {
            case ApplicationProtocol.Framing(Protocol framing) -> cut(framing);
            case ApplicationProtocol.WebSocket _, ApplicationProtocol.Packets _ -> messages.poll();
            case ApplicationProtocol.Http _ -> {
                Data request = http().next(() -> instead(GATEWAY_TIMEOUT, "no answer in time"));
                yield request == null && http().isWebSocket() ? messages.poll() : request;
            }
        };
    }

    private boolean isWebSocket() {
        return protocol instanceof ApplicationProtocol.WebSocket || (http != null && http.isWebSocket());
    }

    private void instead(int status, String text) {
        Data answer = http == null ? null : http.instead(status, text);
        if (answer != null) {
            give(answer);
        }
    }

    private void give(Data packet) {
        if (farEnd != null && (http == null || http.sends(packet))) {
            farEnd.arrived(packet);
        }
        if (http != null) {
            loop.execute(this::proceed); // the next request has its turn
        }
    }

    private @Nullable Data cut(Protocol framing) {
        if (stream.length == 0) {
            return null;
        }
        int length = input(framing);
        if (length < 0) {
            destroy("bad input: the protocol refused it");
        } else if (Math.max(length, length == 0 ? stream.length : 0) > limits.maxPackageBytes()) {
            destroy("bad input: longer than " + limits.maxPackageBytes() + " bytes");
        } else if (length > 0 && length <= stream.length) {
            var packet = Data.received(Data.Kind.BYTES, Arrays.copyOf(stream, length), Codec.json());
            stream = Arrays.copyOfRange(stream, length, stream.length);
            return packet;
        }
        return null;
    }

    private int input(Protocol framing) {
        try {
            return framing.input(new Received(stream));
        } catch (ProtocolException e) {
            destroy("bad input: " + e.getMessage());
        } catch (RuntimeException e) { // the program's own code
            destroy("its protocol threw " + e);
        }
        return 0;
    }

    private record Received(byte[] bytes) implements Buffer {

        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public byte get(int index) {
            return bytes[index];
        }

        @Override
        public int getInt(int index) {
            return ByteBuffer.wrap(bytes).getInt(index);
        }

        @Override
        public int indexOf(byte value) {
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == value) {
                    return i;
                }
            }
            return -1;
        }
    }

    @Override
    public boolean send(Data packet) {
        if (state != State.OPENING && state != State.OPEN) {
            return false;
        }
        Data ready = packet.encoded();
        loop.execute(() -> give(ready));
        return true;
    }

    @Override
    public boolean send(SharedPacket packet) {
        return send(packet.data());
    }

    /** There is room always. */
    @Override
    public void tellWhenDrained() {}

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    /** The other end answers at once, with the same. */
    @Override
    public void close(CloseStatus why) {
        leave("closed", why);
    }

    @Override
    public CloseStatus closeStatus() {
        return closeStatus;
    }

    @Override
    public void shutDown() {
        leave("the program has stopped", CloseStatus.GOING_AWAY);
    }

    @Override
    public void destroy(String reason) {
        leave(reason, CloseStatus.ABNORMAL);
    }

    @Override
    public void lost(String reason) {
        instead(BAD_GATEWAY, "the process that was to answer has ended");
        destroy(reason);
    }

    @Override
    public boolean claim(long requestId) {
        return http != null && http.claim(requestId);
    }

    @Override
    public boolean takesMessages() {
        return http == null || http.isWebSocket();
    }

    private void leave(String reason, CloseStatus why) {
        if (state == State.OPENING || state == State.OPEN) {
            boolean opened = state == State.OPEN;
            state = State.LEAVING;
            loop.execute(() -> {
                if (opened) {
                    Data last = http == null ? null : http.instead(why);
                    if (last != null) {
                        give(last);
                    }
                    closed(reason, why);
                }
            });
        }
    }

    private void closed(String reason, CloseStatus why) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            if (isWebSocket() && closeStatus.equals(CloseStatus.NONE)) {
                closeStatus = why;
            }
            if (farEnd != null) {
                farEnd.closed(why);
            }
            events.closed(this, reason);
        }
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        loop.execute(this::proceed);
    }

    @Override
    public boolean isOpen() {
        return state == State.OPENING || state == State.OPEN;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public ManualLoop loop() {
        return loop;
    }

    /** There is memory enough. */
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
        return "connection " + peer.connectionId() + " with " + Objects.requireNonNull(peer.remoteAddress());
    }
}
