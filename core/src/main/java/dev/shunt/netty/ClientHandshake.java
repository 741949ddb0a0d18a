package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a server to turn this outgoing connection into a WebSocket, and makes way for the WebSocket if it does. */
final class ClientHandshake extends WireHandler {

    private static final int KEY_BYTES = 16;
    private static final int DEFAULT_PORT = 80;
    private static final int SECURE_PORT = 443;

    private final Endpoint endpoint;
    private final WebSocketProtocol settings;
    private final Handshake.Upgrade next;
    private final String key;
    private @Nullable HttpResponse response;

    ClientHandshake(SocketLifecycle socket, Endpoint endpoint, WebSocketProtocol settings, Handshake.Upgrade next) {
        super(socket);
        this.endpoint = endpoint;
        this.settings = settings;
        this.next = next;
        var random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = Base64.getEncoder().encodeToString(random);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        byte[] request = request().getBytes(UTF_8);
        socket.outbox().ownRoom(request.length).writeBytes(request);
        socket.outbox().flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        socket.reading();
        try {
            if (message instanceof HttpResponse head) {
                response = head;
            }
            if (response == null || !socket.isOpening()) {
                return;
            }
            // What is wrong with it is in the head; a refusal may have a body that never ends, or never comes.
            String problem = problemOf(response);
            if (problem != null) {
                socket.failed("cannot connect to " + endpoint + ": the server " + problem);
            } else if (message instanceof LastHttpContent) {
                next.upgrade(
                        context,
                        DeflateTerms.taken(response.headers(), settings.deflate())
                                .orElse(false));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private String request() {
        String host = switch (endpoint.address()) {
            case Inet inet
            when inet.port() == (endpoint.scheme().equals("wss") ? SECURE_PORT : DEFAULT_PORT) ->
                inet.toString().replaceFirst(":\\d+$", "");
            case Inet inet -> inet.toString();
            case Unix _ -> "localhost";
        };
        return "GET " + endpoint.path() + " HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: " + Handshake.VERSION + "\r\n"
                + (settings.subprotocols().isEmpty()
                        ? ""
                        : "Sec-WebSocket-Protocol: " + String.join(", ", settings.subprotocols()) + "\r\n")
                + settings.headers().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                        .collect(Collectors.joining())
                + (settings.deflate() ? "Sec-WebSocket-Extensions: " + DeflateTerms.OFFER + "\r\n" : "")
                + "\r\n";
    }

    private @Nullable String problemOf(HttpResponse response) {
        var headers = response.headers();
        String accept = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (response.decoderResult().isFailure()) {
            return "answered something that is not HTTP";
        }
        if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            return "answered " + response.status() + " instead of becoming a WebSocket";
        }
        if (!Handshake.isUpgrade(headers)) {
            return "answered a WebSocket handshake that is not for this request: Upgrade or Connection is missing";
        }
        if (!Handshake.acceptFor(key).equals(accept)) {
            return "answered a WebSocket handshake that is not for this request: Sec-WebSocket-Accept is "
                    + (accept == null ? "missing, or there twice" : "wrong");
        }
        if (!isOffered(headers)
                || DeflateTerms.taken(headers, settings.deflate()).isEmpty()) {
            return "chose an extension or a subprotocol that it was not offered";
        }
        return null;
    }

    private boolean isOffered(HttpHeaders headers) {
        var chosen = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        return chosen.isEmpty()
                || (chosen.size() == 1
                        && settings.subprotocols().contains(chosen.getFirst().strip()));
    }
}
