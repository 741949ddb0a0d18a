package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.netty.SharedPacket;
import java.util.IdentityHashMap;

/** One message for many connections: encoded once for each protocol that these speak. One thread only. */
public final class SharedMessage {

    private final Data message;
    private final IdentityHashMap<ApplicationProtocol, SharedPacket> byProtocol = new IdentityHashMap<>();

    public SharedMessage(Data message) {
        this.message = message;
    }

    /** Throws what a protocol of the program's own throws. */
    SharedPacket packet(ApplicationProtocol protocol) {
        var known = byProtocol.get(protocol);
        if (known == null) {
            known = new SharedPacket(protocol.encode(message));
            byProtocol.put(protocol, known);
        }
        return known;
    }
}
