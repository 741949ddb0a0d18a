package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;

/** Called for each datagram; what is sent to {@code sender} goes back, each as one datagram. */
@FunctionalInterface
public interface PacketCallback {

    void on(Data data, Connection sender) throws Exception;
}
