package dev.shunt.server;

import dev.shunt.data.Data;
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

    @Nullable PacketCallback packet;

    /** What is done where, as a plan has it. */
    ConnectionHandlers handlers(Endpoint where) {
        return handlers(this, where);
    }

    /** As {@link #handlers}; what was not set here is done as {@code others} say. */
    ConnectionHandlers handlersOr(AddressCallbacks others, Endpoint where) {
        var all = new AddressCallbacks();
        all.connect = connect == null ? others.connect : connect;
        all.close = close == null ? others.close : close;
        all.bufferDrain = bufferDrain == null ? others.bufferDrain : bufferDrain;
        all.receive = receive == null ? others.receive : receive;
        all.packet = packet == null ? others.packet : packet;
        return handlers(all, where);
    }

    private static ConnectionHandlers handlers(AddressCallbacks callbacks, Endpoint where) {
        return where.scheme().equals("udp") ? packetHandlers(callbacks, where) : streamHandlers(callbacks, where);
    }

    private static ConnectionHandlers packetHandlers(AddressCallbacks callbacks, Endpoint where) {
        PacketCallback onPacket = callbacks.packet;
        if (onPacket == null) {
            throw new IllegalStateException(
                    "onPacket is missing for " + where + "; set it with server.onPacket((data, sender) -> ...)");
        }
        return new ConnectionHandlers() {
            @Override
            public void received(Connection sender, Data data) throws Exception {
                onPacket.on(data, sender);
            }
        };
    }

    private static ConnectionHandlers streamHandlers(AddressCallbacks callbacks, Endpoint where) {
        ReceiveCallback onReceive = callbacks.receive;
        if (onReceive == null) {
            throw new IllegalStateException(
                    "onReceive is missing for " + where + "; set it with server.onReceive((connection, data) -> ...)");
        }
        ConnectionCallback onConnect = orNothing(callbacks.connect);
        ConnectionCallback onDrain = orNothing(callbacks.bufferDrain);
        ConnectionCallback onClose = orNothing(callbacks.close);
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
