package dev.shunt.engine.manager;

import static java.util.stream.Collectors.joining;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The log as the main loop sees it: what it is told comes back on the loop, many answers in one turn; what is asked of
 * it is read on a thread of its own. Lives on the main loop.
 */
final class Journal implements AutoCloseable {

    private static final Logger LOG = Log.of(Journal.class);

    /** How long an orderly end waits for the log after all else. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** Of the entries that a stop does not wait for, in the line that says so. */
    private static final int MAX_NAMED = 20;

    /** Something that reads the log. */
    @FunctionalInterface
    interface Read<T> {
        T from(TaskLog log) throws IOException;
    }

    private final TaskLog log;
    private final Loop loop;
    private final Runnable idle;
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean toBeHeard = new AtomicBoolean();
    private final Executor reader;

    /** What it was told, in the order in which it answers. */
    private final Deque<Entry> told = new ArrayDeque<>();

    private final Clock clock;
    private final Latencies appends = new Latencies();
    private Consumer<Entry> letters = _ -> {};
    private @Nullable IOException lastProblem;
    private int reads;
    private boolean givenUp;

    /**
     * @param reader on which it is read
     * @param idle called on the loop when nothing is under way any more
     */
    Journal(TaskLog log, Executor reader, Loop loop, Clock clock, Runnable idle) {
        this.clock = clock;
        this.log = log;
        this.reader = reader;
        this.loop = loop;
        this.idle = idle;
    }

    boolean isIdle() {
        return givenUp || (told.isEmpty() && reads == 0);
    }

    /** Why the last entry was not kept, if it was not. */
    Optional<String> problem() {
        return Optional.ofNullable(lastProblem).map(problem -> String.valueOf(problem.getMessage()));
    }

    /** How long entries took, from when it was told until the loop heard of it. */
    Latencies appends() {
        return appends;
    }

    /** @param heard told on the loop of each letter that came or went */
    void whenLettersChange(Consumer<Entry> heard) {
        letters = heard;
    }

    boolean outlivesProcess() {
        return log.outlivesProcess();
    }

    /** How many dead letters it keeps; empty once it is closed. */
    OptionalLong deadCount() {
        try {
            return OptionalLong.of(log.deadCount());
        } catch (RuntimeException | Error e) { // a log of the program's own
            LOG.error("the task log cannot say how many dead letters it keeps", e);
            return OptionalLong.empty();
        } catch (IOException e) {
            LOG.debug("too late to be counted", e);
            return OptionalLong.empty();
        }
    }

    /** The entry, when it is kept, or why it is not. */
    LoopFuture<Entry, IOException> append(Entry entry, Durability durability) {
        var kept = new LoopFuture<Entry, IOException>();
        told.add(entry);
        long began = clock.nanoTime();
        try {
            log.append(entry, durability, problem -> answered(() -> answer(entry, kept, began, problem)));
        } catch (RuntimeException | Error e) { // a log of the program's own
            answered(() -> answer(entry, kept, began, new IOException("the task log threw " + e, e)));
        }
        return kept;
    }

    private void answer(Entry entry, LoopFuture<Entry, IOException> kept, long began, @Nullable IOException problem) {
        told.remove(entry);
        appends.add(clock.nanoTime() - began);
        lastProblem = problem;
        if (problem == null) {
            if (entry instanceof Entry.Died || entry instanceof Entry.Revived || entry instanceof Entry.Discarded) {
                letters.accept(entry); // first: whoever is told that it is kept may ask for a list at once
            }
            kept.complete(entry);
        } else {
            kept.fail(problem);
        }
    }

    /** Reads aside. */
    <T> LoopFuture<T, IOException> read(Read<T> read) {
        var found = new LoopFuture<T, IOException>();
        reads++;
        aside(
                () -> {
                    T value = read.from(log);
                    wasRead(() -> found.complete(value));
                },
                e -> wasRead(() -> found.fail(e instanceof IOException io ? io : new IOException(e))));
        return found;
    }

    private void wasRead(Runnable next) {
        answered(() -> {
            reads--;
            next.run();
        });
    }

    /** Reads while the caller waits, which the loop must not. */
    <T> T log(Read<T> read) throws IOException {
        return read.from(log);
    }

    /** As {@link #log}. */
    <T> T now(Read<T> read) {
        try {
            return read.from(log);
        } catch (IOException e) {
            throw new IllegalStateException("the task log cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads aside, for whoever waits elsewhere. */
    <T> CompletionStage<T> readElsewhere(Read<T> read) {
        var answer = new CompletableFuture<T>();
        aside(() -> answer.complete(read.from(log)), answer::completeExceptionally);
        return answer;
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    /** Whatever goes wrong is told: in a log of the program's own, or for want of a thread or memory. */
    private void aside(Reading reading, Consumer<Throwable> failed) {
        try {
            reader.execute(() -> {
                try {
                    reading.run();
                } catch (IOException | RuntimeException | Error e) {
                    failed.accept(e);
                }
            });
        } catch (RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    private void answered(Runnable next) {
        answers.add(next);
        if (toBeHeard.compareAndSet(false, true)) {
            loop.execute(this::hear);
        }
    }

    private void hear() {
        toBeHeard.set(false);
        for (Runnable next = answers.poll(); next != null; next = answers.poll()) {
            try {
                next.run();
            } catch (RuntimeException | Error e) { // other answers are heard all the same
                FatalErrors.letOn(e);
                LOG.error("an answer of the task log could not be dealt with", e);
            }
        }
        if (isIdle()) {
            idle.run();
        }
    }

    /** The deadline of the stop has passed: whatever it has not answered is no longer waited for. */
    void giveUp() {
        if (!isIdle()) {
            LOG.error(
                    "the task log does not answer, and the program stops without it; it may keep or miss {} entries: {}",
                    told.size(),
                    told.stream().limit(MAX_NAMED).map(Journal::name).collect(joining(", ")));
        }
        givenUp = true;
    }

    private static String name(Entry entry) {
        return entry.getClass().getSimpleName() + " " + entry.taskId();
    }

    /** Waits for the log, but not for ever. */
    @Override
    public void close() {
        var closing = Thread.ofPlatform().daemon().name("shunt-log-close").unstarted(this::closeLog);
        try {
            closing.start();
        } catch (OutOfMemoryError e) { // no thread to be had: better to wait for the log than to leave it open
            LOG.warn("the task log is closed without a thread of its own: {}", e.toString());
            closeLog();
            return;
        }
        try {
            if (!closing.join(CLOSE_PATIENCE)) {
                LOG.error(
                        "the task log has not closed within {}; what it has not confirmed may be lost", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeLog() {
        try {
            log.close();
        } catch (IOException | RuntimeException | Error e) { // a log of the program's own
            LOG.error("the task log did not close in order", e);
        }
    }
}
