package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.HttpPart;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a WebSocket comes to whose handshake the program has accepted: the answer, and what is spoken from then on. */
record Agreement(byte[] answer, WebSocketWire.Agreed agreed) {

    private static final String SUBPROTOCOL = "sec-websocket-protocol:";

    /** @param accepted has the lines of the program, which may choose the subprotocol */
    static Agreement on(HttpHeaders headers, HttpProtocol http, HttpPart accepted) {
        var settings = http.webSocket().orElse(WebSocketProtocol.DEFAULT);
        var deflate = settings.deflate() ? DeflateTerms.answerTo(headers) : Optional.<String>empty();
        String lines = new String(accepted.head(), UTF_8);
        boolean chosen = lines.toLowerCase(Locale.ROOT).lines().anyMatch(line -> line.startsWith(SUBPROTOCOL));
        var own = chosen ? new WebSocketProtocol(settings.deflate(), List.of(), settings.pingInterval()) : settings;
        String answer = HandshakeRules.accepted(headers, own, deflate, lines);
        return new Agreement(answer.getBytes(UTF_8), new WebSocketWire.Agreed(true, deflate.isPresent(), settings));
    }
}
