package dev.shunt.plan;

import dev.shunt.task.Result;
import dev.shunt.task.TaskListener;
import dev.shunt.time.Clock;
import java.util.function.Consumer;

/** What a face is told to do with the results of tasks that have no listener of their own. */
public final class ResultCallbacks implements TaskListener {

    private Consumer<? super Result.Done> finish = _ -> {};
    private Consumer<? super Result> failed = new UnheardResults(Clock.system());

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
