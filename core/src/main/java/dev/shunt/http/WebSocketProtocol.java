package dev.shunt.http;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How WebSocket (RFC 6455) is spoken, by server and client; schemes {@code websocket} and {@code ws}. Text messages
 * arrive as {@code TEXT}, binary ones as {@code BYTES}. {@code TEXT} and objects (JSON) are sent as text messages,
 * {@code BYTES} as binary ones.
 *
 * @param deflate whether permessage-deflate (RFC 7692) is offered and accepted
 * @param subprotocols spoken here, the preferred first; a server answers with the first the client also names, none if none
 * @param pingInterval after so long a peer is pinged, and cut if it is silent until the next ping; zero for never
 * @param headers of a client's handshake, beside its own
 * @param controlEvents whether {@code onPing} and {@code onPong} hear of such frames; who declares one need not say it
 */
public record WebSocketProtocol(
        boolean deflate,
        List<String> subprotocols,
        Duration pingInterval,
        Map<String, String> headers,
        boolean controlEvents) {

    /** With compression, no subprotocol and no pings. */
    public static final WebSocketProtocol DEFAULT = new WebSocketProtocol(true, List.of(), Duration.ZERO);

    /** What the handshake says itself. */
    private static final Pattern OWN = Pattern.compile("(?i)host|upgrade|connection|sec-websocket-.*");

    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    public WebSocketProtocol {
        subprotocols = Check.all("subprotocols", subprotocols);
        for (String name : subprotocols) {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "'" + name + "' is no name for a subprotocol; write a token, such as chat.v1");
            }
        }
        pingInterval = Check.notNegative("pingInterval", pingInterval);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(Check.given("headers", headers)));
        headers.forEach(WebSocketProtocol::check);
    }

    public WebSocketProtocol(boolean deflate, List<String> subprotocols, Duration pingInterval) {
        this(deflate, subprotocols, pingInterval, Map.of(), false);
    }

    private static void check(String name, String value) {
        if (!TOKEN.matcher(Check.given("withHeader", name)).matches()
                || !VALUE.matcher(Check.given(name, value)).matches()) {
            throw new IllegalArgumentException("'" + name + ": " + value + "' is no header of HTTP");
        }
        if (OWN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the header " + name + " is one of the handshake's own; others may be added");
        }
    }

    /** Of a client: another header of its handshake, such as {@code Authorization} or {@code Origin}. */
    public WebSocketProtocol withHeader(String name, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new WebSocketProtocol(deflate, subprotocols, pingInterval, all, controlEvents);
    }

    public WebSocketProtocol withDeflate(boolean on) {
        return new WebSocketProtocol(on, subprotocols, pingInterval, headers, controlEvents);
    }

    public WebSocketProtocol withSubprotocols(String... names) {
        return new WebSocketProtocol(
                deflate, Check.all("withSubprotocols", names), pingInterval, headers, controlEvents);
    }

    public WebSocketProtocol withPingInterval(Duration interval) {
        return new WebSocketProtocol(deflate, subprotocols, interval, headers, controlEvents);
    }

    public WebSocketProtocol withControlEvents(boolean on) {
        return new WebSocketProtocol(deflate, subprotocols, pingInterval, headers, on);
    }
}
