package dev.shunt.benchmarks.program;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Measures tasks from inside a program, on the one thread that submits them and gets their results: keeps a window of
 * them outstanding for a while, then prints one line for the harness, {@code measured tasks=… nanos=… ended=… failed=…
 * p50=… p99=…}. The rate is of {@code tasks}, which ended in time; {@code ended} counts those that drained afterwards,
 * too, because processor time went into them as well. The last two are nanoseconds from submission to result, for a
 * window of one only.
 */
public final class Firing {

    /** Hands a task over; {@code ended} hears of its end on the thread that submitted, maybe within this call. */
    public interface Submission {

        void submit(byte[] payload, Ended ended);
    }

    /** How a task ended. */
    public interface Ended {

        void ended(boolean done);
    }

    /** A clock read costs about as much as a twentieth of a task. */
    private static final int TASKS_PER_CLOCK_READ = 16;

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Submission submission;
    private final byte[] payload;
    private final long millis;
    private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);
    private final int window;
    private final Ended ended;
    private int outstanding;
    private int due;
    private long began;
    private long submittedAt;
    private long last;
    private long deadline;
    private long tasks;
    private long drained;
    private long failed;

    private Firing(Submission submission, int window, int bytes, long millis) {
        this.submission = submission;
        this.window = window;
        this.payload = new byte[bytes];
        this.millis = millis;
        this.ended = window == 1 ? this::endedAlone : this::ended;
    }

    /** Obeys {@code fire WINDOW BYTES MILLIS}; call it on the thread that is to submit. */
    public static void command(String line, Submission submission) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != 4 || !words[0].equals("fire")) {
            throw new IllegalArgumentException("'" + line + "' is no command; write fire WINDOW BYTES MILLIS");
        }
        new Firing(submission, Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]))
                .begin();
    }

    private void begin() {
        began = System.nanoTime();
        submittedAt = began;
        last = began;
        deadline = began + TimeUnit.MILLISECONDS.toNanos(millis);
        outstanding = window;
        for (int i = 0; i < window; i++) {
            submit();
        }
    }

    private void endedAlone(boolean done) {
        long now = System.nanoTime();
        latencies.recordValue(Math.min(now - submittedAt, LONGEST_NANOS));
        submittedAt = now;
        next(done, now);
    }

    private void ended(boolean done) {
        next(done, tasks % TASKS_PER_CLOCK_READ == 0 || outstanding < window ? System.nanoTime() : last);
    }

    /** What ends after the deadline is no part of the rate: then the window is no longer full. */
    private void next(boolean done, long now) {
        failed += done ? 0 : 1;
        if (now - deadline < 0) {
            tasks++;
            last = now;
            submit();
        } else {
            drained++;
            if (--outstanding == 0) {
                report();
            }
        }
    }

    /** A task that ends within its submission is followed by the next one here, not deeper and deeper in the stack. */
    private void submit() {
        due++;
        if (due > 1) {
            return; // the call further up goes on
        }
        while (due > 0) {
            submission.submit(payload, ended);
            due--;
        }
    }

    private void report() {
        IO.println(String.format(
                Locale.ROOT,
                "measured tasks=%d nanos=%d ended=%d failed=%d p50=%d p99=%d",
                tasks,
                Math.max(1, last - began),
                tasks + drained,
                failed,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99)));
    }
}
