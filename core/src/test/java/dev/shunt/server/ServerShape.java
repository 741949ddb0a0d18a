package dev.shunt.server;

import dev.shunt.plan.Shape;

/** Opens a server's plan to the tests of the other face. */
public final class ServerShape {

    private ServerShape() {}

    public static Shape of(Server server) {
        return server.plan().shape();
    }
}
