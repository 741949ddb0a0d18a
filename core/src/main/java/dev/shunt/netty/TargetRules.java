package dev.shunt.netty;

import dev.shunt.netty.RequestRules.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request may ask for, and of which host. */
final class TargetRules {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final String IN_HOSTS = ".-:_~!$&'()*+,;=%[]";
    private static final int HEX = 16;
    private static final int DIGITS_END = 'f' + 1;

    private TargetRules() {}

    static @Nullable Problem problem(HttpRequest request) {
        String method = request.method().name();
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if ((c < 'A' || c > 'Z') && c != '-' && c != '_') {
                return Problem.bad("a method is written in capitals");
            }
        }
        if (request.method().equals(HttpMethod.CONNECT) || request.method().equals(HttpMethod.TRACE)) {
            return new Problem(HttpResponseStatus.METHOD_NOT_ALLOWED, method + " is not served here");
        }
        Problem problem = ofHost(request);
        return problem == null ? ofTarget(request) : problem;
    }

    private static @Nullable Problem ofTarget(HttpRequest request) {
        String uri = request.uri();
        if (uri.startsWith("/")) {
            return ofPath(uri, 0);
        }
        if (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
            return null;
        }
        int host = endOfScheme(uri);
        if (host < 0) {
            return Problem.bad("the target is no path");
        }
        int path = indexOf(uri, "/?#", host);
        return isHost(uri.substring(host, path)) ? ofPath(uri, path) : Problem.bad("a target without a proper host");
    }

    private static int endOfScheme(String uri) {
        String lower = uri.length() < HTTPS.length()
                ? uri
                : uri.substring(0, HTTPS.length()).toLowerCase(Locale.ROOT);
        if (lower.startsWith(HTTP)) {
            return HTTP.length();
        }
        return lower.equals(HTTPS) ? HTTPS.length() : -1;
    }

    /** Of the first of these, or the text's end. */
    private static int indexOf(String text, String some, int from) {
        int at = from;
        while (at < text.length() && some.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static @Nullable Problem ofPath(String uri, int from) {
        int end = indexOf(uri, "?#", from);
        boolean plain = uri.indexOf('%', from) < 0 && uri.indexOf("/.", from) < 0;
        return plain || staysBelowItsRoot(uri, from, end)
                ? null
                : Problem.bad("a path above its root, or encoded wrongly");
    }

    /** Decoded, as a program sees it, with each slash and dot that was encoded. */
    private static boolean staysBelowItsRoot(String uri, int from, int end) {
        int depth = 0;
        int length = 0;
        int dots = 0;
        for (int i = from; i < end; i++) {
            int c = uri.charAt(i);
            if (c == '%') {
                c = i + 2 < end ? decoded(uri.charAt(i + 1), uri.charAt(i + 2)) : 0;
                if (c == 0) {
                    return false;
                }
                i += 2;
            }
            if (c == '/') {
                depth += deeper(length, dots);
                if (depth < 0) {
                    return false;
                }
                length = 0;
                dots = 0;
            } else {
                length++;
                dots += c == '.' ? 1 : 0;
            }
        }
        return depth + deeper(length, dots) >= 0;
    }

    private static int deeper(int length, int dots) {
        if (length == dots && length <= 2) {
            return length == 2 ? -1 : 0;
        }
        return 1;
    }

    /** 0 for what stands for nothing, or for the byte 0. */
    private static int decoded(char high, char low) {
        int first = high < DIGITS_END ? Character.digit(high, HEX) : -1;
        int second = low < DIGITS_END ? Character.digit(low, HEX) : -1;
        return first < 0 || second < 0 ? 0 : first * HEX + second;
    }

    private static @Nullable Problem ofHost(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && RequestRules.isHttp11(request))) {
            return Problem.bad("a request has one Host");
        }
        return hosts.isEmpty() || isHost(hosts.getFirst().strip())
                ? null
                : Problem.bad("a Host with characters that no host has");
    }

    private static boolean isHost(String host) {
        char before = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean known = (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || IN_HOSTS.indexOf(c) >= 0;
            if (!known || (c == '.' && before == '.')) {
                return false;
            }
            before = c;
        }
        return !host.isEmpty() && !host.equals(".");
    }
}
