package dev.shunt.calls;

import dev.shunt.check.Check;

/**
 * What a program may declare about HTTP, in every face; the callbacks run where those of connections do.
 *
 * @param <S> the face, which every declaration returns
 */
public interface WebDeclarations<S> {

    /** For this package. */
    FaceState<S> state();

    /**
     * Called for each request, with its body. It answers with the response, at once or later; a handler that throws is
     * answered with 500, an {@code HttpException} with its status and text.
     */
    default S onRequest(RequestCallback callback) {
        state().web("onRequest").request = Check.given("onRequest", callback);
        return state().self();
    }

    /**
     * Called for a request that is to become a WebSocket, before it does: it may refuse it, and add headers to the answer.
     * Without, all are accepted whose origin may ({@code HttpProtocol.withAllowedOrigins}).
     */
    default S onHandshake(HandshakeCallback callback) {
        Check.given("onHandshake", callback);
        state().web("onHandshake").handshake((_, request, handshake) -> callback.on(request, handshake));
        return state().self();
    }

    /**
     * Called for each ping of a WebSocket, in order with its messages; it has been answered by then. A program pings with
     * {@code connection.send(ControlFrame.ping(...))}.
     */
    default S onPing(ControlCallback callback) {
        state().web("onPing").ping = Check.given("onPing", callback);
        return state().self();
    }

    /** Called for each pong of a WebSocket, asked for or not. */
    default S onPong(ControlCallback callback) {
        state().web("onPong").pong = Check.given("onPong", callback);
        return state().self();
    }

    /** Called when a connection has become a WebSocket, with the request that it was; it may send, and keep what it needs. */
    default S onOpen(OpenCallback callback) {
        state().web("onOpen").open = Check.given("onOpen", callback);
        return state().self();
    }
}
