package dev.shunt.http;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param streaming paths whose requests are handled as soon as their head has come, as {@code /upload}, or {@code /files/*} for
 *     all below; their handler reads the body while it comes, of up to {@code maxBody} bytes
 * @param maxLine how many bytes a request's first line may have (8,192); a longer one is answered with 414
 * @param maxHeaders how many bytes its headers may have (16,384); more are answered with 431
 */
public record HttpProtocol(
        Optional<WebSocketProtocol> webSocket,
        Duration keepAlive,
        Duration answerTimeout,
        int maxRequests,
        long maxBody,
        boolean compression,
        List<String> allowedOrigins,
        List<String> trustedProxies,
        List<String> streaming,
        int maxLine,
        int maxHeaders) {

    private static final int MIN_HEAD_BYTES = 256;
    private static final int MAX_HEAD_BYTES = 1 << 20;

    public static final HttpProtocol DEFAULT = new HttpProtocol(
            Optional.empty(),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            10_000,
            0,
            true,
            List.of(),
            List.of(),
            List.of(),
            8 << 10,
            16 << 10);

    public HttpProtocol {
        Check.given("webSocket", webSocket);
        keepAlive = Check.positive("keepAlive", keepAlive, "without, it is 75 seconds");
        answerTimeout = Check.positive("answerTimeout", answerTimeout, "without, it is 60 seconds");
        Check.count("maxRequests", maxRequests, 1, "without, it is 10,000");
        if (maxBody < 0) {
            throw new IllegalArgumentException("maxBody(" + maxBody + "): give 0 or more, in bytes; 0 means no files");
        }
        checkHead("maxLine", maxLine, "8192");
        checkHead("maxHeaders", maxHeaders, "16384");
        allowedOrigins = Check.all("allowedOrigins", allowedOrigins);
        trustedProxies = Check.all("trustedProxies", trustedProxies);
        var _ = new TrustedProxies(trustedProxies);
        streaming = Check.all("streaming", streaming);
        for (String path : streaming) {
            if (!path.startsWith("/") || path.substring(0, path.length() - 1).contains("*")) {
                throw new IllegalArgumentException(
                        "withStreaming(\"" + path + "\"): give a path as /upload, or /files/* for all below");
            }
        }
    }

    /** WebSocket is spoken on the same port, with these settings. */
    public HttpProtocol withWebSocket(WebSocketProtocol settings) {
        Check.given("withWebSocket", settings);
        return with(draft -> draft.webSocket = Optional.of(settings));
    }

    public HttpProtocol withKeepAlive(Duration duration) {
        return with(draft -> draft.keepAlive = duration);
    }

    public HttpProtocol withAnswerTimeout(Duration duration) {
        return with(draft -> draft.answerTimeout = duration);
    }

    public HttpProtocol withMaxRequests(int count) {
        return with(draft -> draft.maxRequests = count);
    }

    public HttpProtocol withMaxBody(long bytes) {
        return with(draft -> draft.maxBody = bytes);
    }

    public HttpProtocol withCompression(boolean on) {
        return with(draft -> draft.compression = on);
    }

    public HttpProtocol withTrustedProxies(String... addresses) {
        var checked = Check.all("withTrustedProxies", addresses);
        return with(draft -> draft.trustedProxies = checked);
    }

    public HttpProtocol withAllowedOrigins(String... origins) {
        var checked = Check.all("withAllowedOrigins", origins);
        return with(draft -> draft.allowedOrigins = checked);
    }

    /** The bodies of requests of these paths are read by their handlers while they come; see {@link Request#stream}. */
    public HttpProtocol withStreaming(String... paths) {
        var checked = Check.all("withStreaming", paths);
        return with(draft -> draft.streaming = checked);
    }

    /** @param bytes of a request's first line, 256 to 1,048,576; longer ones are answered with 414 */
    public HttpProtocol withMaxLine(int bytes) {
        return with(draft -> draft.maxLine = bytes);
    }

    /** @param bytes of all headers of a request, 256 to 1,048,576; longer ones are answered with 431 */
    public HttpProtocol withMaxHeaders(int bytes) {
        return with(draft -> draft.maxHeaders = bytes);
    }

    private HttpProtocol with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.checked();
    }

    /** The same values, one of which is to be another. */
    private static final class Draft {

        private Optional<WebSocketProtocol> webSocket;
        private Duration keepAlive;
        private Duration answerTimeout;
        private int maxRequests;
        private long maxBody;
        private boolean compression;
        private List<String> allowedOrigins;
        private List<String> trustedProxies;
        private List<String> streaming;
        private int maxLine;
        private int maxHeaders;

        Draft(HttpProtocol of) {
            webSocket = of.webSocket;
            keepAlive = of.keepAlive;
            answerTimeout = of.answerTimeout;
            maxRequests = of.maxRequests;
            maxBody = of.maxBody;
            compression = of.compression;
            allowedOrigins = of.allowedOrigins;
            trustedProxies = of.trustedProxies;
            streaming = of.streaming;
            maxLine = of.maxLine;
            maxHeaders = of.maxHeaders;
        }

        HttpProtocol checked() {
            return new HttpProtocol(
                    webSocket,
                    keepAlive,
                    answerTimeout,
                    maxRequests,
                    maxBody,
                    compression,
                    allowedOrigins,
                    trustedProxies,
                    streaming,
                    maxLine,
                    maxHeaders);
        }
    }

    private static void checkHead(String name, int bytes, String otherwise) {
        if (bytes < MIN_HEAD_BYTES || bytes > MAX_HEAD_BYTES) {
            throw new IllegalArgumentException(
                    name + "(" + bytes + "): give 256 to 1048576, in bytes; without, it is " + otherwise);
        }
    }

    /** Whether requests of that path are handled before their body has come. */
    public boolean streams(String path) {
        for (String one : streaming) {
            boolean below = one.endsWith("*");
            if (below ? path.startsWith(one.substring(0, one.length() - 1)) : path.equals(one)) {
                return true;
            }
        }
        return false;
    }
}
