package dev.shunt.server;

import dev.shunt.net.Connection;

/** Called for a connection; {@link Connection#id} is Swoole's {@code $fd}. */
@FunctionalInterface
public interface ConnectionCallback {

    void on(Connection connection) throws Exception;
}
