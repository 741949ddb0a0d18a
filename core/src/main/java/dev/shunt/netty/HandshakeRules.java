package dev.shunt.netty;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.netty.RequestRules.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server asks of a request that is to become a WebSocket, and what it answers. */
final class HandshakeRules {

    private static final int KEY_BYTES = 16;
    private static final int KEY_LETTERS = 24;

    private HandshakeRules() {}

    static @Nullable Problem problem(HttpRequest request) {
        var headers = request.headers();
        String version = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        String key = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (request.decoderResult().isFailure()) {
            return RequestRules.ofDecoder(request.decoderResult().cause());
        }
        if (Handshake.only(headers, HttpHeaderNames.HOST) == null) {
            return Problem.bad("a request has one Host");
        }
        if (!Handshake.isUpgrade(headers)) {
            return new Problem(HttpResponseStatus.UPGRADE_REQUIRED, "only WebSocket is spoken here");
        }
        if (headers.getAll(HttpHeaderNames.UPGRADE).size() > 1) {
            return Problem.bad("a WebSocket handshake has one Upgrade");
        }
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return Problem.bad("a WebSocket handshake is a GET of HTTP/1.1");
        }
        if (version == null || key == null || !isKey(key)) {
            return Problem.bad("no proper Sec-WebSocket-Version or Sec-WebSocket-Key, or several");
        }
        return version.equals(Handshake.VERSION)
                ? null
                : new Problem(
                        HttpResponseStatus.UPGRADE_REQUIRED,
                        "Sec-WebSocket-Version " + Handshake.VERSION + " is spoken here");
    }

    /** @param lines of the program, each with its end */
    static String accepted(HttpHeaders headers, WebSocketProtocol settings, Optional<String> deflate, String lines) {
        String key = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY);
        String subprotocol = subprotocol(headers, settings);
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Handshake.acceptFor(String.valueOf(key)) + "\r\n"
                + (subprotocol == null ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n")
                + deflate.map(answer -> "Sec-WebSocket-Extensions: " + answer + "\r\n")
                        .orElse("")
                + lines
                + "\r\n";
    }

    private static @Nullable String subprotocol(HttpHeaders headers, WebSocketProtocol settings) {
        var named = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .map(String::strip)
                .toList();
        return settings.subprotocols().stream()
                .filter(named::contains)
                .findFirst()
                .orElse(null);
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_LETTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
