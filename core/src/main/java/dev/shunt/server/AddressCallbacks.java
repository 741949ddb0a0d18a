package dev.shunt.server;

import dev.shunt.calls.WebCallbacks;
import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.ConnectionHandlers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The callbacks that one address was given. */
final class AddressCallbacks {

    @Nullable ConnectionCallback connect;

    @Nullable ConnectionCallback close;

    @Nullable ConnectionCallback bufferDrain;

    @Nullable ReceiveCallback receive;

    @Nullable ReceiveCallback message;

    @Nullable PacketCallback packet;

    /** What would never be called: here only requests of HTTP come. */
    boolean hasUnheard(ApplicationProtocol spoken) {
        return receive != null
                && switch (spoken) {
                    case Http(var settings) -> settings.webSocket().isEmpty();
                    case Framing _ -> false;
                    case WebSocket _ -> false;
                    case Packets _ -> false;
                };
    }

    static IllegalStateException unheard(Endpoint where) {
        return new IllegalStateException(
                "onReceive of " + where + " is never called: only requests of HTTP come there, which"
                        + " onRequest hears of; messages of WebSockets on the same port are onMessage's");
    }

    /** These, and those of others where there are none. */
    AddressCallbacks or(AddressCallbacks others) {
        var all = new AddressCallbacks();
        all.connect = connect == null ? others.connect : connect;
        all.close = close == null ? others.close : close;
        all.bufferDrain = bufferDrain == null ? others.bufferDrain : bufferDrain;
        boolean own = receive != null || message != null;
        all.receive = own ? receive : others.receive;
        all.message = own ? message : others.message;
        all.packet = packet == null ? others.packet : packet;
        return all;
    }

    /** What is done where that is spoken, as a plan has it. */
    ConnectionHandlers handlers(ApplicationProtocol spoken, WebCallbacks web, Endpoint where) {
        return switch (spoken) {
            case Packets _ -> packetHandlers(where);
            case Framing _ -> streamHandlers(given(receive != null ? receive : message, where));
            case WebSocket _ -> streamHandlers(given(receive != null ? receive : message, where));
            case Http(var settings) -> {
                if (!web.hearsRequests() && settings.webSocket().isEmpty()) {
                    throw missing("onRequest", where, "((request, response) -> ...)");
                }
                var messages = message != null ? message : receive;
                yield streamHandlers(settings.webSocket().isEmpty() || messages == null ? (_, _) -> {} : messages);
            }
        };
    }

    private static ReceiveCallback given(@Nullable ReceiveCallback callback, Endpoint where) {
        if (callback == null) {
            throw missing("onReceive", where, "((connection, data) -> ...)");
        }
        return callback;
    }

    private static IllegalStateException missing(String name, Endpoint where, String how) {
        return new IllegalStateException(name + " is missing for " + where + "; set it with server." + name + how);
    }

    private ConnectionHandlers packetHandlers(Endpoint where) {
        PacketCallback onPacket = packet;
        if (onPacket == null) {
            throw missing("onPacket", where, "((data, sender) -> ...)");
        }
        return new ConnectionHandlers() {
            @Override
            public void received(Connection sender, Data data) throws Exception {
                onPacket.on(data, sender);
            }
        };
    }

    private ConnectionHandlers streamHandlers(ReceiveCallback onReceive) {
        ConnectionCallback onConnect = orNothing(connect);
        ConnectionCallback onDrain = orNothing(bufferDrain);
        ConnectionCallback onClose = orNothing(close);
        return new ConnectionHandlers() {
            @Override
            public void connected(Connection connection) throws Exception {
                onConnect.on(connection);
            }

            @Override
            public void received(Connection connection, Data message) throws Exception {
                onReceive.on(connection, message);
            }

            @Override
            public void drained(Connection connection) throws Exception {
                onDrain.on(connection);
            }

            @Override
            public void closed(Connection connection) throws Exception {
                onClose.on(connection);
            }
        };
    }

    private static ConnectionCallback orNothing(@Nullable ConnectionCallback callback) {
        return Optional.ofNullable(callback).orElse(_ -> {});
    }
}
