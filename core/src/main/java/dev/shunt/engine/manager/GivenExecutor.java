package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/** The program's own executor for callbacks. What it takes no more, because it was shut down, runs on another one. */
final class GivenExecutor implements Executor {

    private static final Logger LOG = Log.of(GivenExecutor.class);

    private final Executor given;
    private final Executor otherwise;
    private final AtomicBoolean told = new AtomicBoolean();

    GivenExecutor(Executor given, Executor otherwise) {
        this.given = given;
        this.otherwise = otherwise;
    }

    @Override
    public void execute(Runnable callback) {
        try {
            given.execute(callback);
        } catch (RejectedExecutionException e) {
            if (!told.getAndSet(true)) {
                LOG.warn(
                        "the executor for callbacks takes no more of them, which run on a thread of the program instead: {};"
                                + " shut it down after the program has stopped",
                        e.toString());
            }
            otherwise.execute(callback);
        }
    }
}
