package dev.shunt.worker;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.plan.ConnectionHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection this process opens, in Workerman's words. Belongs to the slot that called {@link #connect}: its callbacks
 * run there, one at a time with everything else that slot does. What is sent before it is open is kept and sent then.
 *
 * <pre>
 *   INITIAL ──connect──► CONNECTING ──► ESTABLISHED ──close, peer──► CLOSED
 *                            └──refused, timed out──► onError, ───────┘  └─reconnect─► CONNECTING
 * </pre>
 */
public final class AsyncTcpConnection extends TcpConnection {

    /** {@code onError}: the connection could not be opened. */
    public static final int CONNECT_FAIL = 1;

    private static final Set<String> ENCRYPTED = Set.of("ssl", "wss");

    private enum State {
        INITIAL,
        CONNECTING,
        ESTABLISHED,
        CLOSED
    }

    private final Endpoint endpoint;
    private ApplicationProtocol protocol;
    private final Deque<Data> kept = new ArrayDeque<>();
    private long keptBytes;
    private Limits limits = Limits.DEFAULT;
    private Optional<Tls.Client> tls;
    private State state = State.INITIAL;
    private @Nullable Engine engine;
    private long reconnectTimer;
    private ConnectionCallback connect = _ -> {};
    private MessageCallback message = (_, _) -> {};
    private ConnectionCallback close = _ -> {};
    private ErrorCallback error = (_, _, _) -> {};

    /**
     * @param address {@code scheme://host:port}, or {@code scheme:///file}, the scheme being tcp, ssl, unix, text, frame,
     *     ws, wss, or one given to {@link Worker#protocol}
     * @throws IllegalArgumentException if the address cannot be read or nothing is known of its scheme
     */
    public AsyncTcpConnection(String address) {
        super(null, null);
        endpoint = Endpoint.parse(address);
        protocol = Program.protocolToConnect(endpoint);
        tls = ENCRYPTED.contains(endpoint.scheme()) ? Optional.of(Tls.client()) : Optional.empty();
    }

    public AsyncTcpConnection onConnect(ConnectionCallback callback) {
        connect = callback;
        return this;
    }

    public AsyncTcpConnection onMessage(MessageCallback callback) {
        message = callback;
        return this;
    }

    /** Exactly once per connection, also after a failed attempt to open it. */
    public AsyncTcpConnection onClose(ConnectionCallback callback) {
        close = callback;
        return this;
    }

    public AsyncTcpConnection onError(ErrorCallback callback) {
        error = callback;
        return this;
    }

    /**
     * Encrypts it, whatever the scheme, as with Workerman's {@code transport = 'ssl'}. Default: {@code Tls.client()} for
     * {@code ssl://} and {@code wss://}, and none for others.
     */
    public AsyncTcpConnection ssl(Tls.Client value) {
        tls = Optional.of(Check.given("ssl", value));
        return this;
    }

    /**
     * Another header of a WebSocket's handshake, such as {@code Authorization}; Workerman's {@code headers}.
     *
     * @throws IllegalStateException if this is no WebSocket
     */
    public AsyncTcpConnection header(String name, String value) {
        protocol = switch (protocol) {
            case WebSocket(var settings) -> new WebSocket(settings.withHeader(name, value));
            case Framing _ -> throw noHeaders(name);
            case Packets _ -> throw noHeaders(name);
            case Http _ -> throw noHeaders(name);
        };
        return this;
    }

    private IllegalStateException noHeaders(String name) {
        return new IllegalStateException(
                "header(\"" + name + "\", ...): " + endpoint + " is no WebSocket, and nothing else has headers");
    }

    /** How long opening may take, name look-up and handshakes included. Default 5 seconds. */
    public AsyncTcpConnection connectTimeout(Duration timeout) {
        limits = limits.withConnectTimeout(timeout);
        return this;
    }

    /** Starts to connect and returns at once; does nothing while it is connecting or connected. */
    public void connect() {
        if (state == State.CONNECTING || state == State.ESTABLISHED) {
            return;
        }
        cancelReconnect();
        engine = CurrentEngine.get().engine();
        state = State.CONNECTING;
        Connection opening = engine.connect(endpoint, protocol, limits, tls, new Handlers());
        connection(opening);
        kept.forEach(opening::send);
        forgetKept();
    }

    /** Connects again after a while, also if it was never connected; {@link #close} cancels that. */
    public void reconnect(Duration delay) {
        var after = Check.notNegative("reconnect", delay);
        cancelReconnect();
        engine = CurrentEngine.get().engine();
        reconnectTimer = engine.schedule(after, false, this::connect);
    }

    /** As {@link #reconnect(Duration)}; fractions of a second count. */
    public void reconnect(double seconds) {
        reconnect(Check.seconds("reconnect", seconds));
    }

    public void cancelReconnect() {
        if (reconnectTimer != 0 && engine != null) {
            engine.cancel(reconnectTimer);
            reconnectTimer = 0;
        }
    }

    @Override
    public boolean send(@Nullable Object message) {
        if (state != State.INITIAL) {
            return super.send(message);
        }
        Data data = Data.of(message);
        int bytes = protocol.encode(data).bytes().length;
        if (keptBytes + bytes > limits.maxSendBytes()) {
            return false;
        }
        keptBytes += bytes;
        return kept.add(data);
    }

    /** Sends what waits and closes; before it is open, drops what waits. Cancels a pending {@link #reconnect}. */
    @Override
    public void close() {
        cancelReconnect();
        if (state == State.INITIAL) {
            state = State.CLOSED;
            forgetKept();
        }
        super.close();
    }

    /** Throws also if it was never connected: nobody is there to be told. */
    @Override
    public void close(int code, String reason) {
        super.close(code, reason);
        cancelReconnect();
    }

    @Override
    void report(int code, String text) {
        call(error, this, code, text);
    }

    private void forgetKept() {
        kept.clear();
        keptBytes = 0;
    }

    private final class Handlers implements ConnectionHandlers {

        @Override
        public void connected(Connection opened) throws Exception {
            state = State.ESTABLISHED;
            connect.on(AsyncTcpConnection.this);
        }

        @Override
        public void received(Connection from, Data data) throws Exception {
            message.on(AsyncTcpConnection.this, data);
        }

        @Override
        public void failed(Connection from, int code, String text) throws Exception {
            error.on(AsyncTcpConnection.this, code, text);
        }

        @Override
        public void closed(Connection from) throws Exception {
            state = State.CLOSED;
            close.on(AsyncTcpConnection.this);
        }
    }
}
