package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What both sides of a WebSocket handshake compute (RFC 6455, section 4; RFC 7692, section 7). */
final class Handshake {

    static final String VERSION = "13";

    /** The one extension and the only form of it that is offered or accepted. */
    static final String DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final int MAX_LINE_BYTES = 8 << 10;

    /** Workerman's limit of an HTTP head. */
    private static final int MAX_HEADERS_BYTES = 16 << 10;

    private static final String DEFLATE_NAME = "permessage-deflate";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Handshake() {}

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

    static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Whether the client offers deflate in a form that can be had without context takeover and with any window. */
    static boolean offersDeflate(HttpHeaders headers) {
        return extensions(headers).stream().anyMatch(offer -> offer.name().equalsIgnoreCase(DEFLATE_NAME)
                && offer.parameters().entrySet().stream().allMatch(Handshake::isAcceptable));
    }

    /** Whether the server took the offer; null if what it answers was not offered. */
    static @Nullable Boolean tookDeflate(HttpHeaders headers, boolean offered) {
        var answers = extensions(headers);
        if (answers.isEmpty()) {
            return false;
        }
        var answer = answers.getFirst();
        boolean asOffered = offered
                && answers.size() == 1
                && answer.name().equalsIgnoreCase(DEFLATE_NAME)
                && answer.parameters().containsKey("server_no_context_takeover")
                && answer.parameters().keySet().stream().allMatch(Handshake::mayBeAnswered);
        return asOffered ? true : null;
    }

    private static List<WebSocketExtensionData> extensions(HttpHeaders headers) {
        var lines = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        return lines.isEmpty() ? List.of() : WebSocketExtensionUtil.extractExtensions(String.join(",", lines));
    }

    private static boolean isAcceptable(Map.Entry<String, @Nullable String> parameter) {
        return switch (parameter.getKey()) {
            case "server_no_context_takeover", "client_no_context_takeover" -> parameter.getValue() == null;
            case "client_max_window_bits" -> true;
            // The JDK compresses with the full window and knows no other.
            case "server_max_window_bits" -> "15".equals(parameter.getValue());
            default -> false;
        };
    }

    private static boolean mayBeAnswered(String parameter) {
        return switch (parameter) {
            case "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits" -> true;
            default -> false;
        };
    }
}
