package dev.shunt.http;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How WebSocket (RFC 6455) is spoken, by server and client; schemes {@code websocket} and {@code ws}. Text messages
 * arrive as {@code TEXT}, binary ones as {@code BYTES}. {@code TEXT} and objects (JSON) are sent as text messages,
 * {@code BYTES} as binary ones.
 *
 * @param deflate whether permessage-deflate (RFC 7692) is offered and accepted
 * @param subprotocols spoken here, the preferred first; a server answers with the first the client also names, none if none
 * @param pingInterval after so long a peer is pinged, and cut if it is silent until the next ping; zero for never
 */
public record WebSocketProtocol(boolean deflate, List<String> subprotocols, Duration pingInterval) {

    /** With compression, no subprotocol and no pings. */
    public static final WebSocketProtocol DEFAULT = new WebSocketProtocol(true, List.of(), Duration.ZERO);

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    public WebSocketProtocol {
        subprotocols = List.copyOf(subprotocols);
        for (String name : subprotocols) {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "'" + name + "' is no name for a subprotocol; write a token, such as chat.v1");
            }
        }
        pingInterval = Check.notNegative("pingInterval", pingInterval);
    }

    public WebSocketProtocol withDeflate(boolean on) {
        return new WebSocketProtocol(on, subprotocols, pingInterval);
    }

    public WebSocketProtocol withSubprotocols(String... names) {
        return new WebSocketProtocol(deflate, List.of(names), pingInterval);
    }

    public WebSocketProtocol withPingInterval(Duration interval) {
        return new WebSocketProtocol(deflate, subprotocols, interval);
    }
}
