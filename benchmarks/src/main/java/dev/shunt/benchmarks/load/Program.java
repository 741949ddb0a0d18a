package dev.shunt.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** One program that runs as a process of its own, and what it prints. Lines are read by a thread, and used once. */
final class Program implements AutoCloseable {

    private static final int LINES_KEPT = 20;

    private final Processes processes;
    private final Process process;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> unused = new ArrayDeque<>();
    private final Deque<String> last = new ArrayDeque<>();
    private boolean ended;

    private Program(Processes processes, Process process, String name) {
        this.processes = processes;
        this.process = process;
        this.name = name;
    }

    static Program start(Processes processes, String name, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var program = new Program(processes, processes.start(builder), name);
        Thread.ofPlatform().daemon().name("output of " + name).start(program::read);
        return program;
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        } finally {
            locked(() -> ended = true);
        }
    }

    private void add(String line) {
        locked(() -> {
            unused.add(line);
            last.add(line);
            if (last.size() > LINES_KEPT) {
                last.remove();
            }
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The first line not used yet that is wanted; those before it are dropped. */
    String awaitLine(Predicate<String> wanted, String what, Duration atMost) throws IOException, InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (true) {
                for (String line = unused.poll(); line != null; line = unused.poll()) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                if (ended) {
                    throw new IOException(explained("ended" + exitCode() + " without " + what));
                }
                if (left <= 0) {
                    throw new IOException(explained("did not print " + what + " within " + atMost.toSeconds() + " s"));
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private String exitCode() throws InterruptedException {
        return process.waitFor(1, TimeUnit.SECONDS) ? " with exit code " + process.exitValue() : "";
    }

    /** What went wrong, and the last that it printed. */
    String explained(String what) {
        lock.lock();
        try {
            return name + " " + what + (last.isEmpty() ? "" : "; it printed:\n    " + String.join("\n    ", last));
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so long at most. */
    boolean endsWithin(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** It and all its descendants. */
    List<ProcessHandle> family() {
        var family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        return family;
    }

    /** Asks it to end, and waits for longer than {@link #close} does. */
    void stop(Duration atMost) throws InterruptedException {
        process.toHandle().destroy(); // Process itself would close the streams while they are read
        var _ = process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        processes.end(process);
    }
}
