package dev.shunt.engine.child;

import dev.shunt.engine.Dialer;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.plan.ConnectionHandlers;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens connections of a child. Any thread. */
final class ChildDialer implements Dialer {

    private final ChildNetwork network;
    private @Nullable Dialer dialer;

    ChildDialer(ChildNetwork network) {
        this.network = network;
    }

    @Override
    public Connection connect(
            Executor slot,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers) {
        return dialer().connect(slot, endpoint, protocol, limits, tls, handlers);
    }

    private synchronized Dialer dialer() {
        if (dialer == null) {
            dialer = Dialer.over(network.get());
        }
        return dialer;
    }
}
