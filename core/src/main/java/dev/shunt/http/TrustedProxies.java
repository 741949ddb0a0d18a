package dev.shunt.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose word counts on where a request comes from: {@code Forwarded} (RFC 7239), or {@code X-Forwarded-For} without it. Each
 * proxy writes whom it has the request from behind what was there; so the last one counts whom no trusted proxy has written.
 */
public final class TrustedProxies {

    private final List<Network> networks;

    /** @throws IllegalArgumentException if one of them is no address and no network */
    public TrustedProxies(List<String> addresses) {
        networks = addresses.stream().map(Network::of).toList();
    }

    private record Network(byte[] address, int bits) {

        static Network of(String text) {
            int slash = text.indexOf('/');
            try {
                byte[] address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                        .getAddress();
                int all = address.length * Byte.SIZE;
                int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= all) {
                    return new Network(address, bits);
                }
            } catch (IllegalArgumentException e) { // said below
            }
            throw new IllegalArgumentException(
                    "trusted proxy '" + text + "' is no address; write one as 10.0.0.1, or a network as 10.0.0.0/8");
        }

        boolean has(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The address of the client behind {@code peer}. */
    public String client(String peer, List<HttpField> fields) {
        String client = peer;
        var said = said(fields);
        for (int i = said.size() - 1; i >= 0 && isTrusted(client); i--) {
            String before = literal(said.get(i));
            if (before.isEmpty()) {
                break; // "unknown", or a name that hides it
            }
            client = before;
        }
        return client;
    }

    private boolean isTrusted(String address) {
        if (networks.isEmpty() || address.isEmpty()) {
            return !networks.isEmpty(); // who may connect to a Unix socket is what its file says
        }
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return networks.stream().anyMatch(network -> network.has(bytes));
    }

    private static List<String> said(List<HttpField> fields) {
        var forwarded = elements(fields, "forwarded");
        if (forwarded.isEmpty()) {
            return elements(fields, "x-forwarded-for");
        }
        return forwarded.stream().map(TrustedProxies::forwardedFor).toList();
    }

    private static List<String> elements(List<HttpField> fields, String name) {
        var elements = new ArrayList<String>();
        for (var field : fields) {
            if (field.is(name)) {
                elements.addAll(List.of(field.value().split(",", -1)));
            }
        }
        return elements;
    }

    private static String forwardedFor(String element) {
        for (String pair : element.split(";", -1)) {
            String stripped = pair.strip();
            if (stripped.regionMatches(true, 0, "for=", 0, 4)) {
                return stripped.substring(4).replace("\"", "");
            }
        }
        return "";
    }

    /** Without a port and brackets; empty if it is no address. */
    private static String literal(String said) {
        String text = said.strip();
        if (text.startsWith("[") && text.indexOf(']') > 0) {
            text = text.substring(1, text.indexOf(']'));
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
            text = text.substring(0, text.indexOf(':'));
        }
        try {
            return ClientAddress.text(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
