package dev.shunt.worker;

/** Called when a connection could not be opened (code 1) or a message not be sent (code 2). */
@FunctionalInterface
public interface ErrorCallback {

    void on(TcpConnection connection, int code, String message) throws Exception;
}
