package dev.shunt.server;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@link AddressDeclarations} change: all of one address. */
final class AddressOptions {

    Optional<ApplicationProtocol> protocol = Optional.empty();
    Limits limits = Limits.DEFAULT;
    ListenOptions options = ListenOptions.DEFAULT;

    private final Consumer<String> changing;

    /** @param changing called with the name of a setting before it is changed; throws if that comes too late */
    AddressOptions(Consumer<String> changing) {
        this.changing = changing;
    }

    AddressOptions copy() {
        var copy = new AddressOptions(changing);
        copy.protocol = protocol;
        copy.limits = limits;
        copy.options = options;
        return copy;
    }

    AddressOptions changing(String setting) {
        changing.accept(setting);
        return this;
    }
}
