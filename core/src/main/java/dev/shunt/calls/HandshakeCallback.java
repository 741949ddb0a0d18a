package dev.shunt.calls;

import dev.shunt.http.Handshake;
import dev.shunt.http.Request;

/** Called for a request that is to become a WebSocket, before it is accepted. */
@FunctionalInterface
public interface HandshakeCallback {

    void on(Request request, Handshake handshake) throws Exception;
}
