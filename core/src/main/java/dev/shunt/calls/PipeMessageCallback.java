package dev.shunt.calls;

import dev.shunt.data.Data;

/** Called for a message from another worker. */
@FunctionalInterface
public interface PipeMessageCallback {

    /** @param sourceWorkerId of the worker that sent it; -1 if a thread did that is no worker's */
    void on(int sourceWorkerId, Data message) throws Exception;
}
