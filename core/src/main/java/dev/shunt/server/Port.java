package dev.shunt.server;

import dev.shunt.check.Check;
import dev.shunt.net.Endpoint;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.Listener;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Another address that a server listens on, in Swoole's words; made by {@link Server#listen}. What is not set here is as for
 * the server's own address: each callback, and all settings together until {@link #set} is called. Then none of those holds
 * here, and the defaults do.
 */
public final class Port implements ConnectionDeclarations<Port> {

    private final Endpoint planned;
    private final Consumer<String> changing;
    private final Supplier<Endpoint> actual;
    private final AddressCallbacks callbacks = new AddressCallbacks();
    private @Nullable PortSettings settings;

    /**
     * @param changing called with the name of what is set before it is; throws if that comes too late
     * @param actual where it listens, once it does
     */
    Port(Endpoint planned, Consumer<String> changing, Supplier<Endpoint> actual) {
        this.planned = planned;
        this.changing = changing;
        this.actual = actual;
    }

    /** Changes settings of this address: {@code port.set(settings -> settings.protocol(Protocols.delimiter("\n")))}. */
    public Port set(Consumer<? super PortSettings> change) {
        changing.accept("set");
        if (settings == null) {
            settings = new PortSettings(changing);
        }
        Check.given("set", change).accept(settings);
        return this;
    }

    /** Where it listens, with the port it got if it asked for 0. Known when the server has started. */
    public Endpoint endpoint() {
        return actual.get();
    }

    AddressCallbacks connections(String call) {
        changing.accept(call);
        return callbacks;
    }

    /** @param own what holds for the server's own address */
    Listener listener(String group, AddressOptions own, AddressCallbacks ownCallbacks) {
        var handlers = callbacks.handlersOr(ownCallbacks, planned);
        if (settings != null) {
            var set = settings.address;
            return Addresses.listener(planned, set, group, handlers);
        }
        var inherited = new AddressOptions(changing);
        inherited.protocol = own.protocol;
        inherited.limits = own.limits;
        inherited.options = planned.scheme().equals("udp")
                ? ListenOptions.DEFAULT
                : own.options
                        .withFileMode(Addresses.isFile(planned) ? own.options.fileMode() : Optional.empty())
                        .withTls(planned.scheme().equals("ssl") ? own.options.tls() : Optional.empty());
        return Addresses.listener(planned, inherited, group, handlers);
    }
}
