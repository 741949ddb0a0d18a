package dev.shunt.calls;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;

/** Called for a ping or a pong of a WebSocket. */
@FunctionalInterface
public interface ControlCallback {

    void on(Connection connection, Data data) throws Exception;
}
