package dev.shunt.calls;

import dev.shunt.data.Data;
import dev.shunt.http.ClientGoneException;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.Handshake;
import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Origins;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.log.Log;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;

/** Brings requests and handshakes to their callbacks, and all else of a connection to those that it had before. */
final class WebHandlers implements ConnectionHandlers {

    private static final Logger LOG = Log.of(WebHandlers.class);
    private static final int FORBIDDEN = 403;
    private static final int UPGRADE_REQUIRED = 426;

    private final WebCallbacks callbacks;
    private final HttpProtocol settings;
    private final ConnectionHandlers others;
    private final FaceState<?> face;

    WebHandlers(WebCallbacks callbacks, HttpProtocol settings, ConnectionHandlers others, FaceState<?> face) {
        this.callbacks = callbacks;
        this.settings = settings;
        this.others = others;
        this.face = face;
    }

    @Override
    public void received(Connection connection, Data message) throws Exception {
        if (message.kind() != Data.Kind.OBJECT) {
            others.received(connection, message);
            return;
        }
        switch (message.as(Object.class)) {
            case ControlFrame frame -> control(connection, frame);
            case Request request when request.isUpgrade() -> open(connection, request);
            case Request request -> answer(connection, request);
            default -> throw new IllegalArgumentException("nothing that comes on a connection of HTTP: " + message);
        }
    }

    private void control(Connection connection, ControlFrame frame) throws Exception {
        var callback = switch (frame.type()) {
            case PING -> callbacks.ping;
            case PONG -> callbacks.pong;
        };
        if (callback != null) {
            callback.on(connection, frame.data());
        }
    }

    private void answer(Connection connection, Request request) throws Exception {
        var response = new Response(request, face.engine()::answer, settings.compression());
        request.readBy(face.engine().multipart());
        request.bodyFrom(face.engine()::askBody);
        try {
            if (callbacks.request != null) {
                callbacks.request.on(request, response);
            } else if (callbacks.others().isPresent()) {
                callbacks.others().get().on(connection, request, response);
            } else {
                onlyWebSocket(response);
            }
        } catch (HttpException e) {
            if (!response.refused(e)) {
                throw e;
            }
        } catch (IOException | UncheckedIOException e) {
            gone(connection, request, e);
        } finally {
            response.handlerReturned();
            request.over();
        }
    }

    /** The client's doing is no failure of the handler; but there is nobody whom it could answer. */
    private static <E extends Exception> void gone(Connection connection, Request request, E thrown) throws E {
        boolean clients = thrown instanceof ClientGoneException || thrown.getCause() instanceof ClientGoneException;
        if (!clients) {
            throw thrown;
        }
        LOG.info("{}: its body does not come whole: {}", request, thrown.getMessage());
        connection.close();
    }

    private static void onlyWebSocket(Response response) {
        response.status(UPGRADE_REQUIRED).header("Upgrade", "websocket").end("only WebSocket is spoken here\n");
    }

    private void open(Connection connection, Request request) throws Exception {
        var handshake = new Handshake(request);
        if (!Origins.allows(request, settings.allowedOrigins())) {
            handshake.refuse(FORBIDDEN, "this origin may not open a WebSocket here");
        } else if (callbacks.handshake().isPresent()) {
            try {
                callbacks.handshake().get().on(connection, request, handshake);
            } catch (HttpException e) {
                handshake.refuse(e.status(), e.text());
            }
        }
        if (handshake.answer(face.engine()::answer)) {
            callbacks.opened().on(connection, request);
            if (callbacks.open != null) {
                callbacks.open.on(connection, request);
            }
        }
    }

    @Override
    public void connected(Connection connection) throws Exception {
        others.connected(connection);
    }

    @Override
    public void failed(Connection connection, int code, String message) throws Exception {
        others.failed(connection, code, message);
    }

    @Override
    public void drained(Connection connection) throws Exception {
        others.drained(connection);
    }

    @Override
    public void closed(Connection connection) throws Exception {
        others.closed(connection);
    }
}
