package dev.shunt.worker;

import dev.shunt.data.Data;

/** Called for each message of a connection, in order. */
@FunctionalInterface
public interface MessageCallback {

    void on(TcpConnection connection, Data message) throws Exception;
}
