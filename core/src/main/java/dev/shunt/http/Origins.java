package dev.shunt.http;

import java.util.List;
import java.util.Locale;

/**
 * Which pages may open a WebSocket: a browser lets any do that, and sends its cookies along. Without a list those of the
 * same host may, and any if there are no cookies; what is no browser says no origin, and may.
 */
public final class Origins {

    private static final String ANY = "*";

    private Origins() {}

    public static boolean allows(Request request, List<String> allowed) {
        String origin = request.header("origin").orElse("");
        if (origin.isEmpty()) {
            return true;
        }
        if (!allowed.isEmpty()) {
            return allowed.contains(ANY) || allowed.stream().anyMatch(origin::equalsIgnoreCase);
        }
        return request.header("cookie").isEmpty()
                || isSame(origin, request.header("host").orElse(""));
    }

    /** The port of the scheme may stand there or not. */
    private static boolean isSame(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String port = origin.startsWith("https") ? ":443" : ":80";
        return without(port, origin.substring(scheme + 3)).equals(without(port, host));
    }

    private static String without(String port, String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
    }
}
