package dev.shunt.netty;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all sockets of one listener share, or all outgoing ones of one address.
 *
 * @param budget shared with all sockets of the process
 * @param requests of HTTP, that wait for their answers
 * @param spool where what is too large for memory is kept
 * @param open those whose channel is not closed; each adds and removes itself
 */
record SocketSpec(
        Endpoint endpoint,
        ApplicationProtocol protocol,
        Limits limits,
        SocketEvents events,
        MemoryBudget budget,
        OpenRequests requests,
        Spool spool,
        Set<Socket> open) {

    static Set<Socket> noneOpen() {
        return ConcurrentHashMap.newKeySet();
    }
}
