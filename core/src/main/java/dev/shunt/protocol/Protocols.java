package dev.shunt.protocol;

import dev.shunt.net.Protocol;
import java.util.Map;

/** The protocols that need no registration, by the scheme of an address. */
public final class Protocols {

    private Protocols() {}

    public static Map<String, Protocol> builtIn() {
        return Map.of("tcp", new RawProtocol());
    }
}
