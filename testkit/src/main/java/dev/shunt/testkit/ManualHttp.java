package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.HttpPart;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * HTTP on a {@link ManualSocket}: one request after the other, each when the one before is answered, and of each one answer.
 * An answer 101 makes it a WebSocket.
 */
final class ManualHttp {

    private static final byte[] TEXT = "Content-Type: text/plain; charset=utf-8\r\n".getBytes(UTF_8);
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NONE = 0;

    private final ManualLoop loop;
    private final Peer peer;
    private final HttpProtocol settings;
    private final TrustedProxies proxies;
    private final Deque<ManualRequest> waiting = new ArrayDeque<>();
    private long serial;
    private long open = NONE;
    private boolean claimed;
    private int writer;
    private boolean webSocket;
    private @Nullable Future<?> timer;

    ManualHttp(ManualLoop loop, Peer peer, HttpProtocol settings) {
        this.loop = loop;
        this.peer = peer;
        this.settings = settings;
        proxies = new TrustedProxies(settings.trustedProxies());
    }

    void asks(ManualRequest request) {
        if (webSocket) {
            throw new IllegalStateException("it is a WebSocket, which takes no requests; connect() another one");
        }
        waiting.add(request);
    }

    boolean isWebSocket() {
        return webSocket;
    }

    boolean isAsked() {
        return open != NONE;
    }

    /** The next one, if it has its turn; {@code late} runs when it has had no answer in time. */
    @Nullable Data next(Runnable late) {
        if (open != NONE || webSocket || waiting.isEmpty()) {
            return null;
        }
        var request = waiting.remove();
        open = Request.idOf(peer.connectionId(), ++serial);
        claimed = false;
        timer = loop.schedule(late, settings.answerTimeout());
        boolean upgrade = settings.webSocket().isPresent()
                && request.fields().stream()
                        .anyMatch(field ->
                                field.name().equals("upgrade") && field.value().equalsIgnoreCase("websocket"));
        byte[] bytes = request.encoded(upgrade, peer.remoteHost(), proxies);
        return Data.received(Data.Kind.OBJECT, RequestBytes.withId(bytes, open), Codec.json());
    }

    boolean claim(long requestId) {
        boolean first = requestId == open && !claimed;
        claimed |= first;
        return first;
    }

    /** Whether the client gets it: a part of the answer that is waited for, or a message of a WebSocket. */
    boolean sends(Data packet) {
        if (packet.kind() != Data.Kind.OBJECT || ControlFrame.isOne(packet.bytes())) {
            return webSocket;
        }
        var part = HttpPart.of(packet.bytes());
        if (part.requestId() != open) {
            return false;
        }
        if (!part.is(HttpPart.FIRST)) {
            return part.writer() == writer && over(part);
        }
        if (!part.is(HttpPart.CLAIMED) && !claim(open)) {
            return false;
        }
        writer = part.writer();
        webSocket = part.status() == SWITCHING_PROTOCOLS;
        return over(part);
    }

    private boolean over(HttpPart part) {
        if (part.is(HttpPart.LAST)) {
            open = NONE;
            if (timer != null) {
                timer.cancel(false);
            }
        }
        return true;
    }

    /** What the server answers in place of handlers that do not; null if the request has an answer, or there is none. */
    @Nullable Data instead(int status, String text) {
        if (open == NONE || !claim(open)) {
            return null;
        }
        int flags = HttpPart.FIRST | HttpPart.LAST | HttpPart.CLAIMED | HttpPart.CLOSE;
        return new HttpPart(open, 0, status, flags, TEXT, (text + "\n").getBytes(UTF_8)).packet();
    }

    /** As {@link #instead(int, String)}, for a connection that ends like that. */
    @Nullable Data instead(CloseStatus why) {
        if (why.equals(CloseStatus.FAILED)) {
            return instead(500, "the server failed");
        } else if (why.equals(CloseStatus.TOO_LONG)) {
            return instead(504, "no answer in time");
        } else if (why.equals(CloseStatus.GOING_AWAY)) {
            return instead(503, "the server stops");
        }
        return null;
    }
}
