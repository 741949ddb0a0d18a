package dev.shunt.server;

import java.util.function.Consumer;

/** What {@link Port#set} changes, in Swoole's words; each method returns this, and every value is checked where it is given. */
public final class PortSettings implements AddressDeclarations<PortSettings> {

    final AddressOptions address;

    PortSettings(Consumer<String> changing) {
        address = new AddressOptions(changing);
    }
}
