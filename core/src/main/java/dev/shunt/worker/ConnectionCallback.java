package dev.shunt.worker;

/** Called for a connection on the slot that handles it. */
@FunctionalInterface
public interface ConnectionCallback {

    void on(TcpConnection connection) throws Exception;
}
