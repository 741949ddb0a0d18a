package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.Endpoint;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Asks a server to turn this outgoing connection into a WebSocket, and makes way for the WebSocket if it does. */
final class ClientHandshake extends WireHandler {

    private static final int KEY_BYTES = 16;
    private static final int DEFAULT_PORT = 80;

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
            // A refusal may have a body that never ends; after an agreement nothing of HTTP follows.
            boolean complete = message instanceof LastHttpContent || !isAgreement(response);
            if (complete && response != null && socket.isOpening()) {
                judge(context, response);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private String request() {
        String host = endpoint.port() == DEFAULT_PORT
                ? endpoint.hostAndPort().replaceFirst(":\\d+$", "")
                : endpoint.hostAndPort();
        return "GET " + endpoint.path() + " HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: " + Handshake.VERSION + "\r\n"
                + (settings.subprotocols().isEmpty()
                        ? ""
                        : "Sec-WebSocket-Protocol: " + String.join(", ", settings.subprotocols()) + "\r\n")
                + (settings.deflate() ? "Sec-WebSocket-Extensions: " + Handshake.DEFLATE + "\r\n" : "")
                + "\r\n";
    }

    private void judge(ChannelHandlerContext context, HttpResponse response) {
        var headers = response.headers();
        String accept = headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, "").strip();
        String subprotocol = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        Boolean deflate = Handshake.tookDeflate(headers, settings.deflate());
        if (response.decoderResult().isFailure()) {
            fail("answered something that is not HTTP");
        } else if (!isAgreement(response)) {
            fail("answered " + response.status() + " instead of becoming a WebSocket");
        } else if (!Handshake.isUpgrade(headers) || !accept.equals(Handshake.acceptFor(key))) {
            fail("answered a WebSocket handshake that is not for this request");
        } else if (deflate == null
                || (subprotocol != null && !settings.subprotocols().contains(subprotocol))) {
            fail("chose an extension or a subprotocol that it was not offered");
        } else {
            next.upgrade(context, deflate);
        }
    }

    private static boolean isAgreement(@Nullable HttpResponse response) {
        return response != null && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    private void fail(String what) {
        socket.failed("cannot connect to " + endpoint + ": the server " + what);
    }
}
