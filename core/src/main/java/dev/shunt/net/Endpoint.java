package dev.shunt.net;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen or to connect: {@code scheme://host:port/path}. The scheme names the protocol and is kept in lower case.
 *
 * @param port 0 to 65535; 0 lets the system choose a free one when listening
 * @param path for WebSocket, starting with a slash; "/" by default
 */
public record Endpoint(String scheme, String host, int port, String path) {

    private static final Pattern URI =
            Pattern.compile("([A-Za-z][A-Za-z0-9]*)://(\\[[0-9A-Fa-f:.%]+]|[^/:\\[\\]]+):(\\d{1,5})(/.*)?");

    public Endpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of " + scheme + "://" + host + " is not 0 to 65535");
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
    }

    /** Reads {@code text://0.0.0.0:12345}; an IPv6 host stands in brackets. */
    public static Endpoint parse(String address) {
        Matcher parts = URI.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address; write scheme://host:port, such as text://0.0.0.0:12345");
        }
        String host = parts.group(2).startsWith("[")
                ? parts.group(2).substring(1, parts.group(2).length() - 1)
                : parts.group(2);
        String path = parts.group(4) == null ? "/" : parts.group(4);
        return new Endpoint(parts.group(1), host, Integer.parseInt(parts.group(3)), path);
    }

    public Endpoint withPort(int other) {
        return new Endpoint(scheme, host, other, path);
    }

    /** {@code HOST:PORT}, an IPv6 host in brackets. */
    public String hostAndPort() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + hostAndPort() + (path.equals("/") ? "" : path);
    }
}
