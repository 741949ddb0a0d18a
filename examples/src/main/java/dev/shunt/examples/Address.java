package dev.shunt.examples;

import dev.shunt.net.Endpoint;

/** Where a server is; in a string, as in {@code "Text://" + address}, it is {@code HOST:PORT}. */
public record Address(String host, int port) {

    public static Address of(Endpoint endpoint) {
        return new Address(endpoint.host(), endpoint.port());
    }

    /** Reads {@code HOST:PORT}; an IPv6 host stands in brackets. */
    public static Address parse(String text) {
        return parse(text, 1);
    }

    /** The same, of one's own: port 0 is one that is free. */
    static Address parseOwn(String text) {
        return parse(text, 0);
    }

    private static Address parse(String text, int lowest) {
        try {
            var endpoint = Endpoint.parse("tcp://" + text);
            if (endpoint.path().equals("/") && !text.endsWith("/") && endpoint.port() >= lowest) {
                return of(endpoint);
            }
        } catch (IllegalArgumentException _) {
            // said below, in the words of an address without a scheme
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no address; give HOST:PORT, such as 127.0.0.1:2525");
    }

    @Override
    public String toString() {
        return new Endpoint("tcp", host, port, "/").hostAndPort();
    }
}
