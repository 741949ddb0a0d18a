package dev.shunt.server;

/** Called with a worker's id on that worker's thread. */
@FunctionalInterface
public interface WorkerCallback {

    void on(int workerId) throws Exception;
}
