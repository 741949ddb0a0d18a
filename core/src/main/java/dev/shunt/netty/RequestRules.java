package dev.shunt.netty;

import dev.shunt.http.HttpField;
import dev.shunt.http.Request;
import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Which heads of requests are taken, and what the others are answered. */
final class RequestRules {

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
        Problem problem = TargetRules.problem(request);
        if (problem == null) {
            problem = ofVersion(request.protocolVersion());
        }
        return problem != null ? problem : ofBody(request, maxBytes);
    }

    private static @Nullable Problem ofVersion(HttpVersion version) {
        if (!version.protocolName().equals("HTTP") || version.majorVersion() < 1) {
            return Problem.bad("HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        return version.majorVersion() == 1
                ? null
                : new Problem(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here");
    }

    static Problem ofDecoder(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Problem(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the first line is too long");
            case TooLongHttpHeaderException _ ->
                new Problem(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long");
            case UnsupportedOperationException _ -> unknownCoding();
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

    private static @Nullable Problem ofBody(HttpRequest request, long maxBytes) {
        var headers = request.headers();
        if (headers.size() > MAX_FIELDS) {
            return new Problem(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers");
        }
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            if (isHttp11(request) && (codings.size() > 1 || hasUnknownCoding(request))) {
                return unknownCoding();
            }
            if (!isHttp11(request) || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                return Problem.bad("a length that can be understood in two ways");
            }
        }
        String expect = headers.get(HttpHeaderNames.EXPECT);
        if (expect != null && headers.getAll(HttpHeaderNames.EXPECT).size() > 1) {
            return Problem.bad("a request expects one thing");
        }
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
