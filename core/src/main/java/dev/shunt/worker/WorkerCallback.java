package dev.shunt.worker;

/** Called on a worker's slot; {@link Worker#id} tells which. */
@FunctionalInterface
public interface WorkerCallback {

    void on(Worker worker) throws Exception;
}
