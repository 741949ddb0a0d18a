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
import java.util.List;
import java.util.regex.Pattern;
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
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern SEMICOLON = Pattern.compile(";");
    private static final Pattern BLANKS_AND_QUOTES = Pattern.compile("[\\s\"]+");
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

    static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Whether the client offers deflate in a form that can be had without context takeover and with any window. */
    static boolean offersDeflate(HttpHeaders headers) {
        return extensions(headers).stream()
                .anyMatch(offer -> offer.getFirst().equalsIgnoreCase(DEFLATE_NAME)
                        && offer.stream().skip(1).allMatch(Handshake::isAcceptable));
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
                && answer.getFirst().equalsIgnoreCase(DEFLATE_NAME)
                && answer.contains("server_no_context_takeover")
                && answer.stream().skip(1).allMatch(Handshake::mayBeAnswered);
        return asOffered ? true : null;
    }

    /** Each extension as its name and its parameters, such as {@code [permessage-deflate, server_max_window_bits=10]}. */
    private static List<List<String>> extensions(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS).stream()
                .flatMap(line -> COMMA.splitAsStream(line))
                .filter(extension -> !extension.isBlank())
                .map(extension -> SEMICOLON
                        .splitAsStream(extension)
                        .map(word -> BLANKS_AND_QUOTES.matcher(word).replaceAll(""))
                        .toList())
                .filter(extension -> !extension.isEmpty())
                .toList();
    }

    private static boolean isAcceptable(String parameter) {
        return switch (parameter) {
            // The JDK compresses with the full window and knows no other.
            case "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits=15" -> true;
            default -> parameter.equals("client_max_window_bits") || parameter.startsWith("client_max_window_bits=");
        };
    }

    private static boolean mayBeAnswered(String parameter) {
        return parameter.equals("server_no_context_takeover")
                || parameter.equals("client_no_context_takeover")
                || parameter.startsWith("server_max_window_bits=");
    }
}
