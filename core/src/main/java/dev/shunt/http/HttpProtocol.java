package dev.shunt.http;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How HTTP/1.1 is spoken by a server; scheme {@code http}. A body is in memory up to the longest message
 * ({@code packageMaxLength}, {@code maxPackageSize}; 10 MiB); a longer one is kept in a file, or refused with 413.
 *
 * @param webSocket how WebSocket is spoken on the same port; empty if it is not
 * @param keepAlive how long a connection may wait for its next request (75 s); then it is closed
 * @param answerTimeout how long a request may wait for its answer (60 s); then it is answered with 504
 * @param maxRequests that may wait for their answers; one more is answered with 503 (10,000)
 * @param maxBody how many bytes of a body may come, into a file where they are more than a message may have; 0: no more than
 *     that (0)
 * @param compression whether bodies of text are sent as gzip to clients that take it (yes)
 * @param allowedOrigins pages that may open a WebSocket, as {@code https://example.org}, or {@code *}; none given: those of
 *     the same host, and any whose request has no cookies
 * @param trustedProxies whose word on the address of a client counts: addresses, or networks as {@code 10.0.0.0/8}; with
 *     any, also that of who connects to a Unix socket
 */
public record HttpProtocol(
        Optional<WebSocketProtocol> webSocket,
        Duration keepAlive,
        Duration answerTimeout,
        int maxRequests,
        long maxBody,
        boolean compression,
        List<String> allowedOrigins,
        List<String> trustedProxies) {

    public static final HttpProtocol DEFAULT = new HttpProtocol(
            Optional.empty(), Duration.ofSeconds(75), Duration.ofSeconds(60), 10_000, 0, true, List.of(), List.of());

    public HttpProtocol {
        keepAlive = Check.positive("keepAlive", keepAlive, "without, it is 75 seconds");
        answerTimeout = Check.positive("answerTimeout", answerTimeout, "without, it is 60 seconds");
        Check.count("maxRequests", maxRequests, 1, "without, it is 10,000");
        if (maxBody < 0) {
            throw new IllegalArgumentException("maxBody(" + maxBody + "): give 0 or more, in bytes; 0 means no files");
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        trustedProxies = List.copyOf(trustedProxies);
        var _ = new TrustedProxies(trustedProxies);
    }

    /** WebSocket is spoken on the same port, with these settings. */
    public HttpProtocol withWebSocket(WebSocketProtocol settings) {
        return new HttpProtocol(
                Optional.of(settings),
                keepAlive,
                answerTimeout,
                maxRequests,
                maxBody,
                compression,
                allowedOrigins,
                trustedProxies);
    }

    public HttpProtocol withKeepAlive(Duration duration) {
        return new HttpProtocol(
                webSocket, duration, answerTimeout, maxRequests, maxBody, compression, allowedOrigins, trustedProxies);
    }

    public HttpProtocol withAnswerTimeout(Duration duration) {
        return new HttpProtocol(
                webSocket, keepAlive, duration, maxRequests, maxBody, compression, allowedOrigins, trustedProxies);
    }

    public HttpProtocol withMaxRequests(int count) {
        return new HttpProtocol(
                webSocket, keepAlive, answerTimeout, count, maxBody, compression, allowedOrigins, trustedProxies);
    }

    public HttpProtocol withMaxBody(long bytes) {
        return new HttpProtocol(
                webSocket, keepAlive, answerTimeout, maxRequests, bytes, compression, allowedOrigins, trustedProxies);
    }

    public HttpProtocol withCompression(boolean on) {
        return new HttpProtocol(
                webSocket, keepAlive, answerTimeout, maxRequests, maxBody, on, allowedOrigins, trustedProxies);
    }

    public HttpProtocol withTrustedProxies(String... addresses) {
        return new HttpProtocol(
                webSocket,
                keepAlive,
                answerTimeout,
                maxRequests,
                maxBody,
                compression,
                allowedOrigins,
                List.of(addresses));
    }

    public HttpProtocol withAllowedOrigins(String... origins) {
        return new HttpProtocol(
                webSocket,
                keepAlive,
                answerTimeout,
                maxRequests,
                maxBody,
                compression,
                List.of(origins),
                trustedProxies);
    }
}
