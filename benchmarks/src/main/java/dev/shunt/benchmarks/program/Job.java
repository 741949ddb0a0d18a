package dev.shunt.benchmarks.program;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a task does, the same for every contender. */
public final class Job {

    private static final String SLEEP = "sleep ";
    private static final String PID = Long.toString(ProcessHandle.current().pid());

    private Job() {}

    /** {@code pid}: which process runs it; {@code sleep N}: sleeps so many milliseconds; else the line and "OK". */
    public static String answer(String line) {
        if (line.equals("pid")) {
            return PID;
        }
        if (line.startsWith(SLEEP)) {
            return slept(Long.parseLong(line, SLEEP.length(), line.length(), 10));
        }
        return line + " -> OK";
    }

    /** For tasks that are fired: takes the whole payload, and answers with the process that has run it. */
    public static String pid(byte[] payload) {
        if (payload.length == 0) {
            throw new IllegalArgumentException("a task without payload");
        }
        return PID;
    }

    public static byte[] answerBytes(byte[] line) {
        return answer(new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] pidBytes(byte[] payload) {
        return pid(payload).getBytes(StandardCharsets.UTF_8);
    }

    private static String slept(long millis) {
        try {
            // A task that waits for something else, which comes after so long.
            var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            return "slept";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
