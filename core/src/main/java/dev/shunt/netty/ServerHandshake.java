package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.log.Log;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Waits for the request that turns an accepted connection into a WebSocket, whatever its path, and answers it: with 101 and
 * a WebSocket in its own place, or with an error and the end.
 */
final class ServerHandshake extends WireHandler {

    private static final Logger LOG = Log.of(ServerHandshake.class);

    private final Duration timeout;
    private final WebSocketProtocol settings;
    private final Handshake.Upgrade next;
    private @Nullable HttpRequest request;
    private boolean refused;

    ServerHandshake(SocketLifecycle socket, Duration timeout, WebSocketProtocol settings, Handshake.Upgrade next) {
        super(socket);
        this.timeout = timeout;
        this.settings = settings;
        this.next = next;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        socket.openWithin(timeout, () -> socket.cut("no WebSocket handshake within " + timeout.toMillis() + " ms"));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        socket.reading();
        try {
            if (refused) {
                return;
            }
            if (message instanceof HttpRequest head) {
                request = head;
            } else if (message instanceof HttpContent body && body.content().isReadable()) {
                refuse(HttpResponseStatus.BAD_REQUEST, "a WebSocket handshake has no body");
            }
            boolean complete = message instanceof LastHttpContent
                    || (request != null && request.decoderResult().isFailure());
            if (complete && request != null && !refused) {
                answer(context, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest request) {
        var problem = HandshakeRules.problem(request);
        if (problem == null) {
            accept(context, request.headers());
        } else {
            refuse(problem.status(), problem.text());
        }
    }

    private void accept(ChannelHandlerContext context, HttpHeaders headers) {
        var deflate = settings.deflate() ? DeflateTerms.answerTo(headers) : Optional.<String>empty();
        say(HandshakeRules.accepted(headers, settings, deflate, ""));
        next.upgrade(context, deflate.isPresent());
    }

    private void refuse(HttpResponseStatus status, String reason) {
        refused = true;
        LOG.info("{}: handshake refused with {}: {}", socket, status, reason);
        say("HTTP/1.1 " + status + "\r\nUpgrade: websocket\r\nSec-WebSocket-Version: " + Handshake.VERSION + "\r\n"
                + "Connection: close\r\nContent-Type: text/plain\r\nContent-Length: " + (reason.length() + 1)
                + "\r\n\r\n"
                + reason + "\n");
        socket.closeWhenFlushed("handshake refused: " + reason);
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        socket.outbox().ownRoom(bytes.length).writeBytes(bytes);
        socket.outbox().appended();
    }
}
