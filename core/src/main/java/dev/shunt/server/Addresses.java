package dev.shunt.server;

import dev.shunt.calls.FaceState;
import dev.shunt.calls.WebCallbacks;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.Listener;
import dev.shunt.protocol.RawProtocol;
import java.util.List;

/** What a server can listen on, and what that becomes in the plan. */
final class Addresses {

    private Addresses() {}

    /**
     * Throws if the address is one that is encrypted, and nothing says how.
     *
     * @param web what is set for HTTP there; {@code face} runs it
     */
    static Listener listener(
            Endpoint endpoint,
            AddressOptions address,
            AddressCallbacks callbacks,
            WebCallbacks web,
            FaceState<?> face) {
        if (endpoint.scheme().equals("ssl") && address.options.tls().isEmpty()) {
            throw new IllegalStateException(endpoint
                    + " needs a certificate; give it with set(settings -> settings.ssl(Tls.server(chain, key)))");
        }
        if (!isFile(endpoint) && address.options.fileMode().isPresent()) {
            throw new IllegalStateException(endpoint + " is no file, so fileMode("
                    + address.options.fileMode().get() + ") means nothing there");
        }
        ApplicationProtocol spoken = isForPackets(endpoint)
                ? new Packets()
                : web.spoken(address.protocol, new Framing(new RawProtocol()), callbacks.message != null);
        if (!spoken.hasConnections()) {
            checkPackets(endpoint, address.options);
        }
        var handlers = web.handlers(spoken, callbacks.handlers(spoken, web, endpoint), face);
        return new Listener(endpoint, spoken, address.limits, address.options, ServerPlan.EVENT_GROUP, handlers);
    }

    static boolean isForPackets(Endpoint endpoint) {
        return endpoint.scheme().equals("udp");
    }

    private static void checkPackets(Endpoint endpoint, ListenOptions options) {
        var streams = options.withMaxWaitingPackets(ListenOptions.DEFAULT.maxWaitingPackets());
        if (!streams.equals(ListenOptions.DEFAULT)) {
            throw new IllegalStateException(
                    endpoint + " is for datagrams, which have no connections: what was set for it"
                            + " means nothing there: " + streams);
        }
    }

    static boolean isFile(Endpoint endpoint) {
        return endpoint.address() instanceof Unix;
    }

    /** What a server can listen on; what is spoken there is a setting. */
    static Endpoint address(String text) {
        var endpoint = Endpoint.parse(text);
        boolean known = switch (endpoint.address()) {
            case Inet _ -> List.of("tcp", "ssl", "udp").contains(endpoint.scheme());
            case Unix _ -> List.of("unix", "ssl").contains(endpoint.scheme());
        };
        if (!known || !endpoint.path().equals("/")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is nothing to listen on; write tcp://HOST:PORT,"
                            + " ssl://HOST:PORT, udp://HOST:PORT or unix:///FILE, and what is spoken there is a setting: protocol(...)");
        }
        return endpoint;
    }
}
