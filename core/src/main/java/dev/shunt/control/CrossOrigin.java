package dev.shunt.control;

import dev.shunt.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests a browser may have been tricked into, judged before anything else: those of other pages, and those to a
 * name that is not this listener's (DNS rebinding). As Go 1.25 does it: {@code Sec-Fetch-Site}, else {@code Origin} against
 * {@code Host}, else it is no browser's.
 *
 * @param hosts names that a {@code Host} may say, without ports; empty for those that no page can have, which are without a
 *     dot, and loopback addresses
 */
public record CrossOrigin(Set<String> hosts) {

    private static final int FORBIDDEN = 403;
    private static final int MISDIRECTED = 421;
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    public static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Where no browser comes by itself: a Unix socket. */
    public static final CrossOrigin OF_SOCKET = new CrossOrigin(Set.of());

    public CrossOrigin {
        hosts = Set.copyOf(hosts);
    }

    /** Why it is refused, if it is. */
    Optional<ControlException> problem(Request request) {
        String host = request.header("host").orElse("").toLowerCase(Locale.ROOT);
        String named = request.uri().startsWith("/") ? host : hostOf(request.uri()); // as a proxy is asked
        if (!isOurs(withoutPort(host)) || !(named.isEmpty() || named.equals(host))) {
            String names = hosts.isEmpty() ? "localhost, or any name without a dot" : String.join(", ", hosts);
            return Optional.of(new ControlException(
                    MISDIRECTED, "this is not '" + (named.isEmpty() ? host : named) + "'; ask for " + names));
        }
        var site = request.header("sec-fetch-site");
        var origin = request.header("origin");
        boolean own = site.isPresent()
                ? OWN_SITE.contains(site.get())
                : origin.isEmpty() || hostOf(origin.get()).equals(host);
        return own
                ? Optional.empty()
                : Optional.of(new ControlException(
                        FORBIDDEN, "a page of " + origin.orElse("another site") + " may not ask this"));
    }

    private boolean isOurs(String name) {
        return hosts.isEmpty() ? name.indexOf('.') < 0 || LOOPBACK.contains(name) : hosts.contains(name);
    }

    /** {@code null} of a page without an origin is no host's, nor is {@code *}. */
    private static String hostOf(String uri) {
        int scheme = uri.indexOf("://");
        return scheme < 0 ? "" : uri.substring(scheme + 3).split("[/?#]", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
