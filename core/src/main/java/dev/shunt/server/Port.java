package dev.shunt.server;

import dev.shunt.calls.Face;
import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.WebCallbacks;
import dev.shunt.calls.WebDeclarations;
import dev.shunt.check.Check;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.Listener;
import dev.shunt.protocol.RawProtocol;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Another address that a server listens on, in Swoole's words; made by {@link Server#listen}. What is not set here is as for
 * the server's own address: each callback, and all settings together until {@link #set} is called. Then none of those holds
 * here, and the defaults do.
 */
public final class Port implements ConnectionDeclarations<Port>, WebDeclarations<Port> {

    private final Endpoint planned;
    private final Consumer<String> changing;
    private final Supplier<Endpoint> actual;
    private final AddressCallbacks callbacks = new AddressCallbacks();
    private final FaceState<Port> state;
    private @Nullable PortSettings settings;

    /**
     * @param changing called with the name of what is set before it is; throws if that comes too late
     * @param actual where it listens, once it does
     * @param face of the server
     */
    Port(Endpoint planned, Consumer<String> changing, Supplier<Endpoint> actual, Face face) {
        this.planned = planned;
        this.changing = changing;
        this.actual = actual;
        state = new FaceState<>(this, face, FaceState.tasks(), new FaceCallbacks());
    }

    /** For the declarations that this shares with the faces. */
    @Override
    public FaceState<Port> state() {
        return state;
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

    /**
     * Where nothing says what is spoken, that is HTTP if there is a callback for it; but not if this address has one for what
     * it receives, and none for HTTP.
     *
     * @param own what holds for the server's own address
     */
    Listener listener(AddressOptions own, AddressCallbacks ownCallbacks, WebCallbacks ownWeb) {
        var options = settings == null ? inherited(own) : settings.address.copy();
        var web = state.web().or(ownWeb);
        boolean stream = callbacks.receive != null
                && callbacks.message == null
                && !state.web().isUsed();
        if (options.protocol.isEmpty() && stream) {
            options.protocol = Optional.of(new Framing(new RawProtocol()));
        }
        var listener = Addresses.listener(planned, options, callbacks.or(ownCallbacks), web, state);
        if (callbacks.hasUnheard(listener.protocol())) {
            throw AddressCallbacks.unheard(planned);
        }
        state.web().refuseUnheard(listener.protocol().hasRequests(), planned.toString());
        return listener;
    }

    private AddressOptions inherited(AddressOptions own) {
        var inherited = own.copy();
        inherited.options = planned.scheme().equals("udp")
                ? ListenOptions.DEFAULT
                : own.options
                        .withFileMode(Addresses.isFile(planned) ? own.options.fileMode() : Optional.empty())
                        .withTls(planned.scheme().equals("ssl") ? own.options.tls() : Optional.empty());
        return inherited;
    }
}
