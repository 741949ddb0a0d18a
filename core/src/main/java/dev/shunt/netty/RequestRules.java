package dev.shunt.netty;

import dev.shunt.http.HttpField;
import dev.shunt.http.Request;
import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which heads of requests are taken, and what the others are answered. */
final class RequestRules {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=%:\\[\\]-]*");
    private static final int MAX_FIELDS = 1_000;

    private RequestRules() {}

    /** Why a request is answered without its handler, and with that the connection ends. */
    record Problem(HttpResponseStatus status, String text) {

        static Problem bad(String text) {
            return new Problem(HttpResponseStatus.BAD_REQUEST, text);
        }
    }

    static @Nullable Problem problem(HttpRequest request, long maxBytes) {
        if (request.decoderResult().isFailure()) {
            return hasUnknownCoding(request)
                    ? unknownCoding()
                    : ofDecoder(request.decoderResult().cause());
        }
        var version = request.protocolVersion();
        if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
            return new Problem(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        Problem problem = ofTarget(request);
        if (problem == null) {
            problem = ofHost(request);
        }
        return problem != null ? problem : ofBody(request, maxBytes);
    }

    static Problem ofDecoder(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Problem(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the first line is too long");
            case TooLongHttpHeaderException _ ->
                new Problem(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long");
            default -> Problem.bad("no HTTP request that is understood here");
        };
    }

    /** As it came, without the query. */
    static String path(HttpRequest request) {
        return Request.rawPath(request.uri());
    }

    static Problem tooLarge(long maxBytes) {
        return new Problem(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "the body is longer than " + maxBytes + " bytes");
    }

    private static @Nullable Problem ofTarget(HttpRequest request) {
        String uri = request.uri();
        if (request.method().equals(HttpMethod.CONNECT) || request.method().equals(HttpMethod.TRACE)) {
            return new Problem(HttpResponseStatus.METHOD_NOT_ALLOWED, request.method() + " is not served here");
        }
        String lower = uri.length() < 8 ? uri : uri.substring(0, 8).toLowerCase(Locale.ROOT);
        boolean known = uri.startsWith("/")
                || (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS))
                || lower.startsWith("http://")
                || lower.equals("https://");
        return known ? null : Problem.bad("the target is no path");
    }

    private static @Nullable Problem ofHost(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && isHttp11(request))) {
            return Problem.bad("a request has one Host");
        }
        return hosts.isEmpty() || HOST.matcher(hosts.getFirst().strip()).matches()
                ? null
                : Problem.bad("a Host with characters that no host has");
    }

    private static @Nullable Problem ofBody(HttpRequest request, long maxBytes) {
        var headers = request.headers();
        if (headers.size() > MAX_FIELDS) {
            return new Problem(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers");
        }
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            if (!isHttp11(request) || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                return Problem.bad("a length that can be understood in two ways");
            }
            if (codings.size() > 1 || hasUnknownCoding(request)) {
                return unknownCoding();
            }
        }
        String expect = headers.get(HttpHeaderNames.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return new Problem(HttpResponseStatus.EXPECTATION_FAILED, "only 100-continue is expected here");
        }
        return HttpUtil.getContentLength(request, 0L) > maxBytes ? tooLarge(maxBytes) : null;
    }

    private static boolean hasUnknownCoding(HttpRequest request) {
        var headers = request.headers();
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1
                && isHttp11(request)
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst());
    }

    private static Problem unknownCoding() {
        return new Problem(HttpResponseStatus.NOT_IMPLEMENTED, "only chunked is understood here");
    }

    static boolean isHttp11(HttpRequest request) {
        return request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    }

    static boolean keepsAlive(HttpRequest request) {
        var headers = request.headers();
        return isHttp11(request)
                ? !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)
                : headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true);
    }

    static RequestBytes.Head head(HttpRequest request, boolean upgrade, String peer, TrustedProxies proxies) {
        HttpHeaders headers = request.headers();
        var fields = new ArrayList<HttpField>(headers.size());
        headers.forEach(field -> fields.add(new HttpField(field.getKey(), field.getValue())));
        return new RequestBytes.Head(
                request.method().name(),
                request.uri(),
                isHttp11(request),
                upgrade,
                proxies.client(peer, fields),
                fields);
    }
}
