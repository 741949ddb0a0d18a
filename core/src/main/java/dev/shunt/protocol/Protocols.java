package dev.shunt.protocol;

import static java.util.Collections.unmodifiableMap;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.Protocol;
import java.util.Map;
import java.util.TreeMap;

/** The protocols that need no registration, by the scheme of an address. */
public final class Protocols {

    private static final Map<String, Protocol> BUILT_IN = unmodifiableMap(builtInByScheme());

    private Protocols() {}

    /** {@code tcp}, {@code text}, {@code frame}, {@code websocket} and {@code ws}, found in upper or lower case. Immutable. */
    public static Map<String, Protocol> builtIn() {
        return BUILT_IN;
    }

    private static Map<String, Protocol> builtInByScheme() {
        var byScheme = new TreeMap<String, Protocol>(String.CASE_INSENSITIVE_ORDER);
        byScheme.put("tcp", new RawProtocol());
        byScheme.put("text", new TextProtocol());
        byScheme.put("frame", new FrameProtocol());
        byScheme.put("websocket", WebSocketProtocol.DEFAULT);
        byScheme.put("ws", WebSocketProtocol.DEFAULT);
        return byScheme;
    }
}
