package dev.shunt.calls;

import dev.shunt.http.Response;
import dev.shunt.log.Log;
import dev.shunt.task.Result;

/** What the client of a request gets of a task. */
final class TaskAnswer {

    private TaskAnswer() {}

    static void give(Result result, Response response) {
        try {
            switch (result) {
                case Result.Done done -> response.end(done.data());
                case Result.Rejected _ ->
                    response.status(503).header("Retry-After", "1").end("too many tasks wait\n");
                case Result.TimedOut _ -> response.status(504).end("the task took too long\n");
                case Result.Failed _, Result.Cancelled _, Result.Lost _ ->
                    response.status(500).end("the task has no result\n");
            }
        } catch (IllegalStateException e) { // somebody else has answered, or it is no longer waited for
            Log.of(TaskAnswer.class)
                    .warn("the result of task {} comes too late for its request: {}", result.taskId(), e.getMessage());
        }
    }
}
