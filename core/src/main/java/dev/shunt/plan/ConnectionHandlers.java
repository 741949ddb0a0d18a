package dev.shunt.plan;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;

/** What the program does with the connections of one listener, or with one outgoing connection. */
public interface ConnectionHandlers {

    default void connected(Connection connection) throws Exception {}

    default void received(Connection connection, Data message) throws Exception {}

    /** Something went wrong; codes as in Workerman: 1 connect failed, 2 send failed. */
    default void failed(Connection connection, int code, String message) throws Exception {}

    /** What waited to be sent has been sent. */
    default void drained(Connection connection) throws Exception {}

    default void closed(Connection connection) throws Exception {}
}
