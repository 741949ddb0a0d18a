package dev.shunt.net;

import dev.shunt.check.Check;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen or to connect: {@code scheme://host:port/path}, or {@code scheme:///file} for a Unix socket. The scheme names
 * the protocol and is kept in lower case.
 *
 * @param path for WebSocket, starting with a slash; "/" by default
 */
public record Endpoint(String scheme, Address address, String path) {

    private static final Pattern INET =
            Pattern.compile("([A-Za-z][A-Za-z0-9]*)://(\\[[0-9A-Fa-f:.%]+]|[^/:\\[\\]]+):(\\d{1,5})(/.*)?");

    private static final Pattern UNIX = Pattern.compile("([A-Za-z][A-Za-z0-9]*)://(/[^\0]*[^/\0])");

    /** What it is that is listened on. */
    public sealed interface Address {}

    /** @param port 0 to 65535; 0 lets the system choose a free one when listening */
    public record Inet(String host, int port) implements Address {

        public Inet {
            Check.name("host", host);
        }

        /** {@code HOST:PORT}, an IPv6 host in brackets. */
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** A Unix stream socket, which is a file. */
    public record Unix(Path file) implements Address {

        @Override
        public String toString() {
            return file.toString();
        }
    }

    public Endpoint {
        Check.name("scheme", scheme);
        Check.given("address", address);
        Check.given("path", path);
        if (address instanceof Inet(var host, int port) && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException("port " + port + " of " + scheme + "://" + host + " is not 0 to 65535");
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
    }

    public Endpoint(String scheme, String host, int port, String path) {
        this(scheme, new Inet(host, port), path);
    }

    /** Reads {@code text://0.0.0.0:12345}, an IPv6 host in brackets, or {@code unix:///run/app.sock}. */
    public static Endpoint parse(String address) {
        Matcher unix = UNIX.matcher(Check.given("address", address));
        if (unix.matches()) {
            return new Endpoint(unix.group(1), new Unix(Path.of(unix.group(2))), "/");
        }
        Matcher parts = INET.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + address + "' is no address; write scheme://host:port, such as"
                    + " text://0.0.0.0:12345, or unix:///FILE");
        }
        String host = parts.group(2).startsWith("[")
                ? parts.group(2).substring(1, parts.group(2).length() - 1)
                : parts.group(2);
        String path = parts.group(4) == null ? "/" : parts.group(4);
        return new Endpoint(parts.group(1), host, Integer.parseInt(parts.group(3)), path);
    }

    /** Of a Unix socket: throws, for it has none. */
    public String host() {
        return inet().host();
    }

    /** 0 to 65535. Of a Unix socket: throws, for it has none. */
    public int port() {
        return inet().port();
    }

    /** The same address with another port; a Unix socket as it is. */
    public Endpoint withPort(int other) {
        return switch (address) {
            case Inet(var host, var _) -> new Endpoint(scheme, host, other, path);
            case Unix _ -> this;
        };
    }

    /** {@code HOST:PORT}, an IPv6 host in brackets; of a Unix socket {@code unix:///FILE}. */
    public String hostAndPort() {
        return switch (address) {
            case Inet inet -> inet.toString();
            case Unix(var file) -> "unix://" + file;
        };
    }

    private Inet inet() {
        return switch (address) {
            case Inet inet -> inet;
            case Unix(var file) ->
                throw new IllegalStateException(file + " is a Unix socket: it has no host and no port");
        };
    }

    @Override
    public String toString() {
        return scheme + "://" + address + (path.equals("/") ? "" : path);
    }
}
