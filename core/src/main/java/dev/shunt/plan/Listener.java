package dev.shunt.plan;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;

/**
 * Where the program listens, what is spoken there, and which group's slots run the handlers.
 *
 * @param sockets where the connections' sockets are, if that group is in children
 */
public record Listener(
        Endpoint endpoint,
        ApplicationProtocol protocol,
        Limits limits,
        ListenOptions options,
        String group,
        ConnectionHandlers handlers,
        Sockets sockets) {

    /** With sockets in the manager. */
    public Listener(
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            ListenOptions options,
            String group,
            ConnectionHandlers handlers) {
        this(endpoint, protocol, limits, options, group, handlers, Sockets.IN_MANAGER);
    }

    public Listener {
        if (protocol.hasRequests() && options.heartbeat().ping().isPresent()) {
            throw new IllegalStateException(endpoint + " speaks HTTP, whose clients know no message that answers no"
                    + " request: a heartbeat ping cannot be sent there. WebSockets are pinged with"
                    + " HttpProtocol.DEFAULT.withWebSocket(WebSocketProtocol.DEFAULT.withPingInterval(...))");
        }
    }
}
