package dev.shunt.netty;

import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import dev.shunt.log.Log;
import dev.shunt.netty.RequestRules.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A request whose body is still coming, to be kept or to be read. Its memory grows with what has come. The loop's thread only. */
final class RequestAssembly {

    private static final Logger LOG = Log.of(RequestAssembly.class);
    private static final int FIRST_BYTES = 4 << 10;
    private static final byte[] NOTHING = {};

    private final HttpRequest request;
    private final int maxBytes;
    private final long maxBody;
    private final boolean upgrade;
    private final Spool spool;
    private byte[] body = NOTHING;
    private long length;
    private boolean expects;
    private final @Nullable BodyStream streamed;
    private @Nullable SpooledBody spooled;

    /**
     * @param maxBytes of the body in memory
     * @param maxBody of the body, in a file if it is more than that
     * @param upgrade whether it asks for a WebSocket, and may
     * @param spool where the body is kept if it is too long for memory
     * @param streamed where the body goes if its handler reads it while it comes
     */
    RequestAssembly(
            HttpRequest request,
            int maxBytes,
            long maxBody,
            boolean upgrade,
            Spool spool,
            @Nullable BodyStream streamed) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.maxBody = Math.max(maxBytes, maxBody);
        this.upgrade = upgrade;
        this.streamed = streamed;
        this.spool = spool;
        expects = HttpUtil.is100ContinueExpected(request);
    }

    /** What is to be known of a request when it is answered. */
    record Asked(
            HttpRequest request,
            boolean upgrade,
            @Nullable SpooledBody spooled,
            @Nullable BodyStream streamed) {

        /** It is answered, or nobody is there any more. */
        void over() {
            if (streamed != null) {
                streamed.fail("its client has gone, or has been answered");
            }
            if (spooled != null) {
                spooled.discard();
            }
        }

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
        if (more > maxBody - length) {
            return RequestRules.tooLarge(maxBody);
        }
        if (more > 0) {
            expects = false;
            try {
                keep(bytes, more);
            } catch (IOException e) {
                LOG.error("the body of a request cannot be kept in a file", e);
                return new Problem(HttpResponseStatus.INSUFFICIENT_STORAGE, "there is no room for the body");
            }
        }
        return null;
    }

    private void keep(ByteBuf bytes, int more) throws IOException {
        if (streamed != null) {
            streamed.add(bytes);
            length += more;
            return;
        }
        if (spooled == null && length + more > maxBytes) {
            spooled = new SpooledBody(spool, ByteBuffer.wrap(body, 0, (int) length));
            body = NOTHING;
        }
        if (spooled != null) {
            spooled.add(bytes);
        } else {
            int now = (int) length;
            if (now + more > body.length) {
                int room = Math.max(Math.max(now + more, FIRST_BYTES), (int) Math.min(2L * now, maxBytes));
                body = Arrays.copyOf(body, room);
            }
            bytes.readBytes(body, now, more);
        }
        length += more;
    }

    /** It will not be whole. */
    void discard() {
        if (spooled != null) {
            spooled.discard();
        }
    }

    /** Once: that the client waits to be told that it may send the body. */
    boolean takeExpectation() {
        boolean now = expects;
        expects = false;
        return now;
    }

    long length() {
        return length;
    }

    int held() {
        return body.length;
    }

    /** Its body, if its handler reads it while it comes. */
    @Nullable BodyStream streamed() {
        return streamed;
    }

    boolean wantsMore() {
        return streamed == null || streamed.wantsMore();
    }

    Asked asked() {
        return new Asked(request, upgrade, spooled, streamed);
    }

    /** All of it has come, or its handler reads what has not. */
    byte[] encoded(String peer, TrustedProxies proxies) throws IOException {
        var head = RequestRules.head(request, upgrade, peer, proxies);
        if (streamed != null) {
            return RequestBytes.encodeStreamed(head, HttpUtil.getContentLength(request, -1L), maxBytes);
        }
        if (spooled != null) {
            return RequestBytes.encode(head, spooled.name(), true);
        }
        byte[] whole = length == body.length ? body : Arrays.copyOf(body, (int) length);
        return RequestBytes.encode(head, whole, false);
    }
}
