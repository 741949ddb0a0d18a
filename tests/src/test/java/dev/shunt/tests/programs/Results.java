package dev.shunt.tests.programs;

import dev.shunt.task.Result;

/** A result as one line: what became of the task, its id, and the details. */
final class Results {

    private Results() {}

    static String text(Result result) {
        return switch (result) {
            case Result.Done done -> "done " + done.taskId() + " " + done.data();
            case Result.Failed failed ->
                "failed " + failed.taskId() + " " + failed.failure() + " at "
                        + failed.failure().stack().replaceAll("\\R\\s*", " | ");
            case Result.TimedOut timedOut -> "timed-out " + timedOut.taskId();
            case Result.Cancelled cancelled -> "cancelled " + cancelled.taskId();
            case Result.Lost lost -> "lost " + lost.taskId() + " " + lost.reason();
            case Result.Rejected rejected -> "rejected " + rejected.taskId() + " " + rejected.reason();
        };
    }
}
