package dev.shunt.remote;

import dev.shunt.remote.ControlException.Kind;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Has a program cancel a task, and waits until that is over: a handler that goes on loses its process. For one use. */
public final class Cancellation {

    private static final int NOT_FOUND = 404;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ControlClient client;
    private final long task;
    private final Duration patience;
    private final Clock clock = Clock.system();

    /**
     * What was done.
     *
     * @param fields for programs: {@code id}, {@code state} is {@code cancelled}, and where it ran {@code pid},
     *     {@code process_replaced}
     * @param line for people
     */
    public record Outcome(Map<String, Object> fields, String line) {}

    /** @param patience how long what runs may take to end */
    public Cancellation(ControlClient client, long task, Duration patience) {
        this.client = client;
        this.task = task;
        this.patience = patience;
    }

    /** @throws ControlException if there is no such task, or it goes on for too long */
    public Outcome run() throws ControlException {
        var answer =
                client.post("/tasks/" + task + "/cancel", Map.of()).orFail().json();
        if (!answer.text("state").equals("interrupted")) {
            boolean elsewhere = answer.text("state").equals("told");
            return outcome(
                    elsewhere ? "told" : "cancelled",
                    elsewhere
                            ? "task " + task + " is another node's, which is told"
                            : "task " + task + " is cancelled");
        }
        return awaited(
                answer.number("pid"),
                answer.number("slot"),
                answer.value("grace_seconds").isPresent());
    }

    private Outcome awaited(long pid, long slot, boolean inChild) throws ControlException {
        long began = clock.nanoTime();
        while (runs(pid)) {
            if (clock.nanoTime() - began > patience.toNanos()) {
                throw late(pid, slot, inChild);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        boolean goesOn = !inChild && isRunBySlot();
        boolean replaced = inChild && !isChild(pid);
        var fields = new LinkedHashMap<>(outcome("cancelled", "").fields());
        fields.put("pid", pid);
        fields.put("process_replaced", replaced);
        return new Outcome(fields, "task " + task + " is cancelled" + how(pid, slot, replaced, goesOn));
    }

    private static String how(long pid, long slot, boolean replaced, boolean goesOn) {
        if (goesOn) {
            return "; its handler does not heed that, and keeps slot " + slot + " of process " + pid
                    + ", the program's own, until it ends";
        }
        return ": it ran in process " + pid
                + (replaced
                        ? ", and went on after it was interrupted, so that process has been replaced"
                        : ", and ended when it was interrupted");
    }

    private ControlException late(long pid, long slot, boolean inChild) {
        return new ControlException(
                Kind.TIMED_OUT,
                "task " + task + " has been interrupted and has not ended within " + patience.toMillis()
                        + " ms: it runs on slot " + slot + " of process " + pid
                        + (inChild
                                ? ", which is to be replaced; the program's log says why it is not yet"
                                : ", the program's own"));
    }

    private Outcome outcome(String state, String line) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", task);
        fields.put("state", state);
        return new Outcome(fields, line);
    }

    private boolean runs(long pid) throws ControlException {
        var now = client.get("/tasks/" + task);
        if (now.status() == NOT_FOUND) {
            return false;
        }
        var seen = now.orFail().json();
        return seen.text("state").equals("running") && seen.number("pid") == pid;
    }

    private boolean isChild(long pid) throws ControlException {
        return client.get("/children").orFail().json().list("children").stream()
                .anyMatch(child -> child.number("pid") == pid);
    }

    /** In the program's own process a task may be over before its handler has ended. */
    private boolean isRunBySlot() throws ControlException {
        return client.get("/status").orFail().json().list("running").stream().anyMatch(run -> run.number("id") == task);
    }
}
