package dev.shunt.calls;

import dev.shunt.http.Handshake;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a face was given for HTTP and for the opening of WebSockets, and so what is spoken. */
public final class WebCallbacks {

    @Nullable RequestCallback request;

    @Nullable OpenCallback open;

    @Nullable ControlCallback ping;

    @Nullable ControlCallback pong;

    private @Nullable Opening handshake;
    private @Nullable Requests others;
    private OpenCallback opened = (_, _) -> {};

    /** A handshake as both faces have it. */
    @FunctionalInterface
    public interface Opening {
        void on(Connection connection, Request request, Handshake handshake) throws Exception;
    }

    /** Requests as a face has them in words of its own. */
    @FunctionalInterface
    public interface Requests {
        void on(Connection connection, Request request, Response response) throws Exception;
    }

    /** For requests of which no {@code onRequest} hears. */
    public void others(Requests callback) {
        others = callback;
    }

    Optional<Requests> others() {
        return Optional.ofNullable(others);
    }

    /** When a connection has become a WebSocket, before the program hears of it. */
    public void opened(OpenCallback callback) {
        opened = callback;
    }

    OpenCallback opened() {
        return opened;
    }

    /** Before the answer to a handshake. */
    public void handshake(Opening callback) {
        handshake = callback;
    }

    Optional<Opening> handshake() {
        return Optional.ofNullable(handshake);
    }

    public boolean hearsRequests() {
        return request != null;
    }

    public boolean isUsed() {
        return request != null || opensWebSockets();
    }

    private boolean opensWebSockets() {
        return handshake != null || open != null || hearsOfControl();
    }

    private boolean hearsOfControl() {
        return ping != null || pong != null;
    }

    /**
     * What is spoken, with these callbacks.
     *
     * @param given what the program has chosen; nothing if it has not
     * @param otherwise what is spoken if nothing here says more
     * @param messages whether the program hears of messages of WebSockets
     */
    public ApplicationProtocol spoken(
            Optional<ApplicationProtocol> given, ApplicationProtocol otherwise, boolean messages) {
        if (given.isEmpty() && (isUsed() || messages)) {
            return http(HttpProtocol.DEFAULT, messages);
        }
        var chosen = given.orElse(otherwise);
        return switch (chosen) {
            case Http(var settings) -> http(settings, messages);
            case WebSocket(var settings) ->
                isUsed() ? http(HttpProtocol.DEFAULT.withWebSocket(settings), messages) : chosen;
            case Framing _ -> chosen;
            case Packets _ -> chosen;
        };
    }

    /** Throws if these are there and are never called. */
    public void refuseUnheard(boolean spoken, String where) {
        if (isUsed() && !spoken) {
            throw new IllegalStateException("onRequest, onHandshake, onOpen, onPing or onPong on " + where
                    + ", where no HTTP is spoken; listen on http://, or set protocol(HttpProtocol.DEFAULT)");
        }
    }

    /** These, and those of others where there are none. */
    public WebCallbacks or(WebCallbacks outer) {
        var all = new WebCallbacks();
        all.request = request == null ? outer.request : request;
        all.open = open == null ? outer.open : open;
        all.ping = ping == null ? outer.ping : ping;
        all.pong = pong == null ? outer.pong : pong;
        all.handshake = handshake == null ? outer.handshake : handshake;
        return all;
    }

    private Http http(HttpProtocol settings, boolean messages) {
        boolean more = settings.webSocket().isEmpty() && (messages || opensWebSockets());
        if (settings.webSocket().isEmpty() && !more) {
            return new Http(settings);
        }
        var webSocket = settings.webSocket().orElse(WebSocketProtocol.DEFAULT);
        return new Http(settings.withWebSocket(hearsOfControl() ? webSocket.withControlEvents(true) : webSocket));
    }

    /** What is done with the connections on which that is spoken. */
    public ConnectionHandlers handlers(ApplicationProtocol spoken, ConnectionHandlers given, FaceState<?> face) {
        return switch (spoken) {
            case Framing _ -> given;
            case Packets _ -> given;
            case WebSocket _ -> given;
            case Http(var settings) -> new WebHandlers(this, settings, given, face);
        };
    }
}
