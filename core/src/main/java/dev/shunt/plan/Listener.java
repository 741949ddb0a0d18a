package dev.shunt.plan;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;

/** Where the program listens, what is spoken there, and which group's slots run the handlers. */
public record Listener(
        Endpoint endpoint,
        ApplicationProtocol protocol,
        Limits limits,
        ListenOptions options,
        String group,
        ConnectionHandlers handlers) {

    public Listener {
        if (protocol.hasRequests() && options.heartbeat().ping().isPresent()) {
            throw new IllegalStateException(endpoint + " speaks HTTP, whose clients know no message that answers no"
                    + " request: a heartbeat ping cannot be sent there. WebSockets are pinged with"
                    + " HttpProtocol.DEFAULT.withWebSocket(WebSocketProtocol.DEFAULT.withPingInterval(...))");
        }
    }
}
