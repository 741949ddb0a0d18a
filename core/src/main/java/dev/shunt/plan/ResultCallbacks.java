package dev.shunt.plan;

import dev.shunt.task.Result;
import dev.shunt.task.TaskListener;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a face is told to do with the results of tasks that have no listener of their own. */
public final class ResultCallbacks implements TaskListener {

    private static final Logger LOG = LoggerFactory.getLogger(ResultCallbacks.class);

    private Consumer<? super Result.Done> finish = _ -> {};
    private Consumer<? super Result> failed = result -> LOG.warn("no onTaskFailed for {}", result);

    public void onFinish(Consumer<? super Result.Done> callback) {
        finish = callback;
    }

    public void onTaskFailed(Consumer<? super Result> callback) {
        failed = callback;
    }

    @Override
    public void ended(Result result) {
        if (result instanceof Result.Done done) {
            finish.accept(done);
        } else {
            failed.accept(result);
        }
    }
}
