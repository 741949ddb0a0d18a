package dev.shunt.engine;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.netty.NettyLoop;
import dev.shunt.netty.Network;
import dev.shunt.plan.ConnectionHandlers;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Opens connections of this process. */
public interface Dialer {

    /** Returns at once; handlers run on the slot. */
    Connection connect(
            Executor slot,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers);

    /** On the event loop that the slot is, or on the first one. */
    static Dialer over(Network network) {
        var waiting = new WaitingMessages(network.budget().limit());
        return (slot, endpoint, protocol, limits, tls, handlers) -> {
            var events = new OutgoingEvents(slot, protocol, handlers, limits.maxWaitingMessages(), waiting);
            NettyLoop loop = slot instanceof OnLoop on && on.loop() instanceof NettyLoop own ? own : network.loop(0);
            return events.connection(network.connect(loop, endpoint, protocol, limits, tls, events));
        };
    }
}
