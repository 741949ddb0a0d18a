package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What both sides of a WebSocket handshake compute (RFC 6455, section 4). */
final class Handshake {

    static final String VERSION = "13";

    private static final int MAX_LINE_BYTES = 8 << 10;

    /** Workerman's limit of an HTTP head. */
    private static final int MAX_HEADERS_BYTES = 16 << 10;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Handshake() {}

    /** What follows an agreement: the WebSocket takes the handshake's place in the pipeline. */
    @FunctionalInterface
    interface Upgrade {
        void upgrade(ChannelHandlerContext handshake, boolean deflate);
    }

    static HttpDecoderConfig httpLimits() {
        return new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxHeaderSize(MAX_HEADERS_BYTES);
    }

    static String acceptFor(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** What stands in a header that must stand there once; null if it is missing, empty or there twice. */
    static @Nullable String only(HttpHeaders headers, CharSequence name) {
        var values = headers.getAll(name);
        return values.size() == 1 && !values.getFirst().isBlank()
                ? values.getFirst().strip()
                : null;
    }

    static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }
}
