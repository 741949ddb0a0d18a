package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;

/** Called for each message of a connection, in order. */
@FunctionalInterface
public interface ReceiveCallback {

    void on(Connection connection, Data data) throws Exception;
}
