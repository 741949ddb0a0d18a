package dev.shunt.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.unmodifiableMap;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import java.util.Map;
import java.util.TreeMap;

/** What can be spoken without registration, by the scheme of an address; and framings that take settings. */
public final class Protocols {

    private static final Map<String, ApplicationProtocol> BUILT_IN = unmodifiableMap(builtInByScheme());

    private Protocols() {}

    /**
     * {@code tcp}, {@code text}, {@code frame}, {@code http}, {@code websocket}, {@code ws} and {@code udp}; {@code unix},
     * {@code ssl}, {@code https} and {@code wss}, which are {@code tcp} on a Unix socket, and {@code tcp}, {@code http} and
     * {@code ws} encrypted. Found in upper or lower case. Immutable.
     */
    public static Map<String, ApplicationProtocol> builtIn() {
        return BUILT_IN;
    }

    /** Messages that end with these characters, in UTF-8; Swoole's {@code package_eof}. Not empty. */
    public static DelimiterProtocol delimiter(String delimiter) {
        return new DelimiterProtocol(delimiter.getBytes(UTF_8));
    }

    /** As {@link #delimiter(String)}, of bytes that are no text. */
    public static DelimiterProtocol delimiter(byte[] delimiter) {
        return new DelimiterProtocol(delimiter.clone());
    }

    /**
     * Messages behind their length, which counts what follows it; the result says how else it may be.
     *
     * @param bytes of the length: 1, 2, 3, 4 or 8, big endian
     */
    public static LengthProtocol length(int bytes) {
        return new LengthProtocol(bytes);
    }

    private static Map<String, ApplicationProtocol> builtInByScheme() {
        var byScheme = new TreeMap<String, ApplicationProtocol>(String.CASE_INSENSITIVE_ORDER);
        byScheme.put("tcp", new Framing(new RawProtocol()));
        byScheme.put("udp", new Packets());
        byScheme.put("unix", new Framing(new RawProtocol()));
        byScheme.put("ssl", new Framing(new RawProtocol()));
        byScheme.put("https", new Http(HttpProtocol.DEFAULT));
        byScheme.put("wss", new WebSocket(WebSocketProtocol.DEFAULT));
        byScheme.put("text", new Framing(new TextProtocol()));
        byScheme.put("frame", new Framing(new FrameProtocol()));
        byScheme.put("http", new Http(HttpProtocol.DEFAULT));
        byScheme.put("websocket", new WebSocket(WebSocketProtocol.DEFAULT));
        byScheme.put("ws", new WebSocket(WebSocketProtocol.DEFAULT));
        return byScheme;
    }
}
