package dev.shunt.calls;

import dev.shunt.http.Request;
import dev.shunt.net.Connection;

/** Called when a connection has become a WebSocket, before its first message. */
@FunctionalInterface
public interface OpenCallback {

    void on(Connection connection, Request request) throws Exception;
}
