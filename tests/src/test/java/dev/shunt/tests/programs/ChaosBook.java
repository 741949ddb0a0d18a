package dev.shunt.tests.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What all processes of {@link Chaos} write down, in one file, a line per event: the order of the lines is the order of the
 * events. A stream, not a channel, for threads that write are interrupted; each line is one write, which the system appends
 * whole.
 *
 * <pre>
 *   submitted ID PID KIND KEY RETRIES DURABILITY      began ID PID ATTEMPT KIND KEY
 *   stored    ID PID                                  ended ID PID ATTEMPT returned | threw
 *   cancel    ID PID                                  asks  ID PID             (in taskWait, from within ID)
 *   progress  ID PID ATTEMPT N                        heard ID PID OUTCOME     (of what ID asked for)
 *   result    ID PID OUTCOME DETAILS                  killed 0 PID             (by the test: the manager)
 * </pre>
 */
public final class ChaosBook {

    private final long pid = ProcessHandle.current().pid();
    private final FileOutputStream file;

    public ChaosBook(String name) {
        try {
            file = new FileOutputStream(name, true);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    void submitted(long id, Chaos.Kind kind, String key, TaskOptions options) {
        line("submitted", id, kind + " " + key + " " + options.retries() + " " + options.durability());
    }

    void stored(long id) {
        line("stored", id, "");
    }

    void cancel(long id) {
        line("cancel", id, "");
    }

    void progress(long id, String said) {
        line("progress", id, said);
    }

    void result(Result result) {
        line("result", result.taskId(), text(result));
    }

    void began(Task task, Chaos.Kind kind, String key) {
        line("began", task.id(), task.attempt() + " " + kind + " " + key);
    }

    void ended(Task task, String how) {
        line("ended", task.id(), task.attempt() + " " + how);
    }

    void asks(Task task) {
        line("asks", task.id(), "");
    }

    void heard(Task task, Result result) {
        line("heard", task.id(), text(result));
    }

    public void killed(long manager) {
        line("killed", 0, Long.toString(manager));
    }

    private void line(String event, long id, String details) {
        try {
            file.write((event + " " + id + " " + pid + " " + details + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Result result) {
        String text = switch (result) {
            case Result.Done done -> "done " + done.data().text();
            case Result.Failed failed -> "failed " + failed.failure();
            case Result.TimedOut _ -> "timed-out";
            case Result.Cancelled _ -> "cancelled";
            case Result.Lost lost -> "lost " + lost.reason();
            case Result.Rejected rejected -> "rejected " + rejected.reason();
        };
        String line = text.replace('\n', ' ');
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
