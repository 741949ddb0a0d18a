package dev.shunt.worker;

import dev.shunt.calls.ControlCallback;
import dev.shunt.calls.WebCallbacks;
import dev.shunt.data.Data;
import dev.shunt.http.Handshake;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection in Workerman's words. Safe for use by any thread. */
public sealed class TcpConnection permits AsyncTcpConnection {

    /** Called for a connection on the slot that handles it. */
    @FunctionalInterface
    public interface ConnectionCallback {

        void on(TcpConnection connection) throws Exception;
    }

    /** Called for each message of a connection, in order. */
    @FunctionalInterface
    public interface MessageCallback {

        void on(TcpConnection connection, Data message) throws Exception;
    }

    /** Called when a connection could not be opened (code 1) or a message not be sent (code 2). */
    @FunctionalInterface
    public interface ErrorCallback {

        void on(TcpConnection connection, int code, String message) throws Exception;
    }

    /** Called for the request of a client that wants a WebSocket, on the slot that handles its connection. */
    @FunctionalInterface
    public interface WebSocketConnectCallback {

        void on(TcpConnection connection, Request request) throws Exception;
    }

    private static final int FORBIDDEN = 403;

    /** {@code onError}: what was sent could not be. */
    public static final int SEND_FAIL = 2;

    private final @Nullable Worker worker;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Object context;
    /** Of the request that was last received. */
    private volatile @Nullable Response response;
    /** While a WebSocket is being opened. */
    private volatile @Nullable Opening opening;

    TcpConnection(@Nullable Connection connection, @Nullable Worker worker) {
        this.connection = connection;
        this.worker = worker;
    }

    /**
     * Sends one message: bytes, text, or an object for the codec, as the protocol encodes it.
     *
     * @return false if it will not be sent, because the connection is closed, or too much waits already, which {@code
     *     onError} hears of as well; {@code onBufferDrain} tells when there is room again
     * @throws IllegalStateException if it is the second answer to a request of HTTP
     */
    public boolean send(@Nullable Object message) {
        Opening before = opening;
        if (before != null) {
            return before.messages().add(message == null ? "" : message);
        }
        Response answer = response;
        if (answer != null) {
            return answer.end(message == null ? "" : message);
        }
        Connection present = connection;
        if (present == null) {
            return false;
        }
        boolean taken = present.send(message == null ? "" : message);
        if (!taken && present.isOpen()) {
            report(SEND_FAIL, "send buffer full and drop package");
        }
        return taken;
    }

    static void call(ErrorCallback callback, TcpConnection connection, int code, String text) {
        try {
            callback.on(connection, code, text);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("onError threw " + e, e);
        }
    }

    /** As Workerman's {@code onError}; what the callback throws ends the handler that sent. */
    void report(int code, String text) {
        if (worker != null) {
            worker.failed(this, code, text);
        }
    }

    /**
     * The answer to the request that was last received: {@code connection.response().status(404).end("...")}, which
     * {@code send} gives with 200.
     *
     * @throws IllegalStateException if no request was received
     */
    public Response response() {
        Response answer = response;
        if (answer == null) {
            throw new IllegalStateException(
                    "no request was received; the worker of this connection speaks no HTTP, or it"
                            + " has become a WebSocket");
        }
        return answer;
    }

    /**
     * In {@code onWebSocketConnect}: the answer to be.
     *
     * @throws IllegalStateException elsewhere
     */
    public Handshake handshake() {
        Opening before = opening;
        if (before == null) {
            throw new IllegalStateException("handshake() outside of onWebSocketConnect");
        }
        return before.handshake();
    }

    private void opened() {
        Opening before = opening;
        opening = null;
        response = null;
        if (before != null) {
            before.messages().forEach(this::send);
        }
    }

    /** A WebSocket that is being opened, and what is to be sent when it is. */
    private record Opening(Handshake handshake, List<Object> messages) {}

    /** Sends what waits and closes. A second call does nothing. */
    public void close() {
        Opening before = opening;
        if (before != null) {
            before.handshake().refuse(FORBIDDEN, "refused");
            return;
        }
        Connection present = connection;
        if (present != null) {
            present.close();
        }
    }

    /** Sends a last message and closes. */
    public void close(Object message) {
        send(message);
        close();
    }

    /** Cuts it at once, whatever waits to be sent; Workerman's {@code destroy}. */
    public void abort() {
        Connection present = connection;
        if (present != null) {
            present.abort();
        }
    }

    /** Whether it is connected, and is not being closed. */
    public boolean isOpen() {
        Connection present = connection;
        return present != null && present.isOpen();
    }

    /**
     * As {@link #close()}, and tells the peer of a WebSocket why; other connections have no codes, and it throws.
     *
     * @param code 1000 to 1003, 1007 to 1014, or one of your own from 3000 to 4999
     * @param reason for people; at most 123 bytes of UTF-8
     */
    public void close(int code, String reason) {
        present().close(code, reason);
    }

    /**
     * In {@code onClose}, of a WebSocket: the code that its peer has closed with, 1005 if it gave none, 1006 if the
     * connection ended without a word of it. Before, and where there are no codes: 0.
     */
    public int closeCode() {
        Connection present = connection;
        return present == null ? 0 : present.closeCode();
    }

    /** What the peer said with {@link #closeCode}; empty if nothing. */
    public String closeReason() {
        Connection present = connection;
        return present == null ? "" : present.closeReason();
    }

    /**
     * Accepted connections count from 1 and are unique in the program, outgoing ones are negative and unique in their
     * process.
     */
    public long id() {
        return present().id();
    }

    /** {@code HOST:PORT} of the other end. */
    public String remoteAddress() {
        return present().remoteAddress();
    }

    /** {@code HOST:PORT} of this end. */
    public String localAddress() {
        return present().localAddress();
    }

    /** The certificate of the other end, if this one asks for it; see {@code Tls.Server}. */
    public Optional<X509Certificate> certificate() {
        return present().certificate();
    }

    /** Empty on a Unix socket. */
    public String remoteIp() {
        return present().peer().remoteHost();
    }

    public int remotePort() {
        return present().peer().remotePort();
    }

    /** The worker that accepted it; null for an outgoing connection. */
    public @Nullable Worker worker() {
        return worker;
    }

    /** Anything the program keeps with this connection; null until set. Gone if the child that handles it is replaced. */
    public @Nullable Object context() {
        return context;
    }

    public void context(@Nullable Object value) {
        context = value;
    }

    final @Nullable Connection connection() {
        return connection;
    }

    final void connection(@Nullable Connection value) {
        connection = value;
    }

    private Connection present() {
        Connection present = connection;
        if (present == null) {
            throw new IllegalStateException("not connected; call connect() first");
        }
        return present;
    }

    /** What a {@link Worker} may be told about the connections that it accepts; the callbacks run on its slots. */
    public interface Declarations {

        default Worker onConnect(ConnectionCallback callback) {
            worker().hearing("onConnect", callback).connect = callback;
            return worker();
        }

        /**
         * Called for each message, in order. On {@code http://} it is a request, {@code message.as(Request.class)}, which
         * {@code connection.send(...)} answers; {@code onRequest} hears of it instead, if that is set.
         */
        default Worker onMessage(MessageCallback callback) {
            worker().hearing("onMessage", callback).message = callback;
            return worker();
        }

        /** Exactly once per connection, also when the program's stop closes it. */
        default Worker onClose(ConnectionCallback callback) {
            worker().hearing("onClose", callback).close = callback;
            return worker();
        }

        /** A message was refused because too much waits to be sent: code 2; {@code send} returns false as well. */
        default Worker onError(ErrorCallback callback) {
            worker().hearing("onError", callback).error = callback;
            return worker();
        }

        /** What waited to be sent has been sent. */
        default Worker onBufferDrain(ConnectionCallback callback) {
            worker().hearing("onBufferDrain", callback).bufferDrain = callback;
            return worker();
        }

        /**
         * Called before a WebSocket is accepted. {@code connection.close()} or an {@code HttpException} refuses it,
         * {@code connection.handshake()} adds to the answer; what is sent here arrives first.
         */
        default Worker onWebSocketConnect(WebSocketConnectCallback callback) {
            worker().hearing("onWebSocketConnect", callback)
                    .opening(worker().state().web(), callback);
            return worker();
        }

        /** Called for each ping of a WebSocket, which has been answered by then. */
        default Worker onWebSocketPing(MessageCallback callback) {
            return worker().onPing(worker().hearing("onWebSocketPing", callback).control(callback));
        }

        /** Called for each pong of a WebSocket. */
        default Worker onWebSocketPong(MessageCallback callback) {
            return worker().onPong(worker().hearing("onWebSocketPong", callback).control(callback));
        }

        private Worker worker() {
            return (Worker) this;
        }
    }

    /** What a worker does with the connections it accepts; each callback does nothing until it is set. */
    static final class Accepted implements ConnectionHandlers {

        private final Worker worker;
        ConnectionCallback connect = _ -> {};
        MessageCallback message = (_, _) -> {};
        ConnectionCallback close = _ -> {};
        ConnectionCallback bufferDrain = _ -> {};
        ErrorCallback error = (_, _, _) -> {};

        Accepted(Worker worker) {
            this.worker = worker;
        }

        @Override
        public void connected(Connection connection) throws Exception {
            connect.on(wrapped(connection));
        }

        @Override
        public void received(Connection connection, Data data) throws Exception {
            message.on(wrapped(connection), data);
        }

        /** @param requests whether {@code onMessage} hears of them, if {@code onRequest} does not */
        void hear(WebCallbacks web, boolean requests) {
            if (requests) {
                web.others((accepted, request, response) -> {
                    var connection = wrapped(accepted);
                    connection.response = response;
                    message.on(connection, Data.of(request));
                });
            }
            web.opened((accepted, _) -> wrapped(accepted).opened());
        }

        ControlCallback control(MessageCallback callback) {
            return (accepted, data) -> callback.on(wrapped(accepted), data);
        }

        /** What the program sends meanwhile follows the answer. */
        void opening(WebCallbacks web, WebSocketConnectCallback callback) {
            web.handshake((accepted, request, handshake) -> {
                var connection = wrapped(accepted);
                connection.opening = new Opening(handshake, new ArrayList<>());
                callback.on(connection, request);
            });
        }

        @Override
        public void failed(Connection connection, int code, String text) throws Exception {
            error.on(wrapped(connection), code, text);
        }

        @Override
        public void drained(Connection connection) throws Exception {
            bufferDrain.on(wrapped(connection));
        }

        @Override
        public void closed(Connection connection) throws Exception {
            close.on(wrapped(connection));
        }

        /** One {@code TcpConnection} per connection; after its child was replaced, a new one in the successor. */
        private TcpConnection wrapped(Connection connection) {
            if (connection.attachment() instanceof TcpConnection known) {
                return known;
            }
            var fresh = new TcpConnection(connection, worker);
            connection.attach(fresh);
            return fresh;
        }
    }
}
