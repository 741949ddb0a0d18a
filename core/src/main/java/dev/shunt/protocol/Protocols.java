package dev.shunt.protocol;

import static java.util.Collections.unmodifiableMap;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import java.util.Map;
import java.util.TreeMap;

/** What can be spoken without registration, by the scheme of an address. */
public final class Protocols {

    private static final Map<String, ApplicationProtocol> BUILT_IN = unmodifiableMap(builtInByScheme());

    private Protocols() {}

    /**
     * {@code tcp}, {@code text}, {@code frame}, {@code http}, {@code websocket} and {@code ws}, found in upper or lower case.
     * Immutable.
     */
    public static Map<String, ApplicationProtocol> builtIn() {
        return BUILT_IN;
    }

    private static Map<String, ApplicationProtocol> builtInByScheme() {
        var byScheme = new TreeMap<String, ApplicationProtocol>(String.CASE_INSENSITIVE_ORDER);
        byScheme.put("tcp", new Framing(new RawProtocol()));
        byScheme.put("text", new Framing(new TextProtocol()));
        byScheme.put("frame", new Framing(new FrameProtocol()));
        byScheme.put("http", new Http(HttpProtocol.DEFAULT));
        byScheme.put("websocket", new WebSocket(WebSocketProtocol.DEFAULT));
        byScheme.put("ws", new WebSocket(WebSocketProtocol.DEFAULT));
        return byScheme;
    }
}
