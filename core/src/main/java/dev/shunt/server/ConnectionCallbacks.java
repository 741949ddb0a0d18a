package dev.shunt.server;

import dev.shunt.calls.WebCallbacks;
import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.protocol.RawProtocol;
import org.jspecify.annotations.Nullable;

/** What a server was told about its connections. A program has no use for it: all is for this package. */
public final class ConnectionCallbacks {

    ConnectionCallback connect = _ -> {};
    ConnectionCallback close = _ -> {};
    ConnectionCallback bufferDrain = _ -> {};

    @Nullable ReceiveCallback receive;

    @Nullable ReceiveCallback message;

    ConnectionCallbacks() {}

    /** With all that was declared; throws if some of it would never be called. */
    ApplicationProtocol spoken(ServerSettings settings, WebCallbacks web, String where) {
        return web.spoken(settings.protocol, new Framing(new RawProtocol()), message != null, where);
    }

    ConnectionHandlers handlers(ApplicationProtocol spoken, WebCallbacks web) {
        return switch (spoken) {
            case Framing _ -> handlers(given("onReceive", receive != null ? receive : message));
            case WebSocket _ -> handlers(given("onReceive", receive != null ? receive : message));
            case Http(var settings) -> {
                if (!web.hearsRequests() && settings.webSocket().isEmpty()) {
                    throw missing("onRequest((request, response) -> ...)", "onRequest");
                }
                var messages = message != null ? message : receive;
                yield handlers(settings.webSocket().isEmpty() || messages == null ? (_, _) -> {} : messages);
            }
        };
    }

    private static ReceiveCallback given(String name, @Nullable ReceiveCallback callback) {
        if (callback == null) {
            throw missing(name + "((connection, data) -> ...)", name);
        }
        return callback;
    }

    private static IllegalStateException missing(String how, String name) {
        return new IllegalStateException(name + " is missing; set it with server." + how);
    }

    private ConnectionHandlers handlers(ReceiveCallback onReceive) {
        return new ConnectionHandlers() {
            @Override
            public void connected(Connection connection) throws Exception {
                connect.on(connection);
            }

            @Override
            public void received(Connection connection, Data message) throws Exception {
                onReceive.on(connection, message);
            }

            @Override
            public void drained(Connection connection) throws Exception {
                bufferDrain.on(connection);
            }

            @Override
            public void closed(Connection connection) throws Exception {
                close.on(connection);
            }
        };
    }
}
