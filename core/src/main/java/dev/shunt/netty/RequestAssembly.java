package dev.shunt.netty;

import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import dev.shunt.netty.RequestRules.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request whose body is still coming. Its memory grows with what has come. The loop's thread only. */
final class RequestAssembly {

    private static final int FIRST_BYTES = 4 << 10;
    private static final byte[] NOTHING = {};

    private final HttpRequest request;
    private final int maxBytes;
    private final boolean upgrade;
    private byte[] body = NOTHING;
    private int length;
    private boolean expects;

    /** @param upgrade whether it asks for a WebSocket, and may */
    RequestAssembly(HttpRequest request, int maxBytes, boolean upgrade) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.upgrade = upgrade;
        expects = HttpUtil.is100ContinueExpected(request);
    }

    /** What is to be known of a request when it is answered. */
    record Asked(HttpRequest request, boolean upgrade) {

        boolean isHead() {
            return request.method().name().equals("HEAD");
        }
    }

    /** A piece of the body; says what is wrong with it. */
    @Nullable Problem add(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            return Problem.bad("a chunk that is none");
        }
        ByteBuf bytes = content.content();
        int more = bytes.readableBytes();
        if (more > maxBytes - length) {
            return RequestRules.tooLarge(maxBytes);
        }
        if (more > 0) {
            expects = false;
            if (length + more > body.length) {
                int room = Math.max(Math.max(length + more, FIRST_BYTES), (int) Math.min(2L * length, maxBytes));
                body = Arrays.copyOf(body, room);
            }
            bytes.readBytes(body, length, more);
            length += more;
        }
        return null;
    }

    /** Once: that the client waits to be told that it may send the body. */
    boolean takeExpectation() {
        boolean now = expects;
        expects = false;
        return now;
    }

    int length() {
        return length;
    }

    int held() {
        return body.length;
    }

    Asked asked() {
        return new Asked(request, upgrade);
    }

    /** All of it has come. */
    byte[] encoded(String peer, TrustedProxies proxies) {
        byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
        return RequestBytes.encode(RequestRules.head(request, upgrade, peer, proxies), whole);
    }
}
