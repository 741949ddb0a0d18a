package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.log.Log;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Waits for the request that turns an accepted connection into a WebSocket, whatever its path, and answers it: with 101 and
 * a WebSocket in its own place, or with an error and the end.
 */
final class ServerHandshake extends WireHandler {

    private static final Logger LOG = Log.of(ServerHandshake.class);
    private static final int KEY_BYTES = 16;
    private static final int KEY_LETTERS = 24;

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
        var headers = request.headers();
        String version = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        String key = Handshake.only(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (request.decoderResult().isFailure()) {
            refuse(statusOf(request.decoderResult().cause()), "no HTTP request that is understood here");
        } else if (Handshake.only(headers, HttpHeaderNames.HOST) == null) {
            refuse(HttpResponseStatus.BAD_REQUEST, "a request has one Host");
        } else if (!Handshake.isUpgrade(headers)) {
            refuse(HttpResponseStatus.UPGRADE_REQUIRED, "only WebSocket is spoken here");
        } else if (headers.getAll(HttpHeaderNames.UPGRADE).size() > 1) {
            refuse(HttpResponseStatus.BAD_REQUEST, "a WebSocket handshake has one Upgrade");
        } else if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            refuse(HttpResponseStatus.BAD_REQUEST, "a WebSocket handshake is a GET of HTTP/1.1");
        } else if (version == null || key == null || !isKey(key)) {
            refuse(HttpResponseStatus.BAD_REQUEST, "no proper Sec-WebSocket-Version or Sec-WebSocket-Key, or several");
        } else if (!version.equals(Handshake.VERSION)) {
            refuse(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "Sec-WebSocket-Version " + Handshake.VERSION + " is spoken here");
        } else {
            accept(context, headers, key);
        }
    }

    private void accept(ChannelHandlerContext context, HttpHeaders headers, String key) {
        var deflate = settings.deflate() ? DeflateTerms.answerTo(headers) : Optional.<String>empty();
        String subprotocol = subprotocol(headers);
        say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Handshake.acceptFor(key) + "\r\n"
                + (subprotocol == null ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n")
                + deflate.map(answer -> "Sec-WebSocket-Extensions: " + answer + "\r\n")
                        .orElse("")
                + "\r\n");
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

    private @Nullable String subprotocol(HttpHeaders headers) {
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

    private static HttpResponseStatus statusOf(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }
}
