package dev.shunt.engine;

import dev.shunt.netty.Loop;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log as the main loop sees it: what it is told comes back on the loop, many answers in one turn; what is asked of it is
 * read on a thread of its own. Lives on the main loop.
 */
final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

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
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("shunt-log-reader").factory());
    private int underWay;

    /** @param idle called on the loop when nothing is under way any more */
    Journal(TaskLog log, Loop loop, Runnable idle) {
        this.log = log;
        this.loop = loop;
        this.idle = idle;
    }

    boolean isIdle() {
        return underWay == 0;
    }

    /** Goes on, on the loop, when the entry is kept, or with why it is not. */
    void append(Entry entry, Durability durability, Consumer<@Nullable IOException> then) {
        underWay++;
        log.append(entry, durability, problem -> answered(() -> then.accept(problem)));
    }

    /** For what matters less than the task itself: a problem is logged. */
    void append(Entry entry, Durability durability) {
        append(entry, durability, problem -> {
            if (problem != null) {
                LOG.error("the task log does not know of {}", entry, problem);
            }
        });
    }

    /** Reads aside; goes on on the loop. */
    <T> void read(Read<T> read, Consumer<T> then, Consumer<IOException> otherwise) {
        underWay++;
        reader.execute(() -> {
            try {
                T value = read.from(log);
                answered(() -> then.accept(value));
            } catch (IOException e) {
                answered(() -> otherwise.accept(e));
            } catch (RuntimeException e) { // a log of the program's own, or what it was asked
                answered(() -> otherwise.accept(new IOException(e)));
            }
        });
    }

    /** Reads while the caller waits, which the loop must not. */
    <T> T now(Read<T> read) {
        try {
            return read.from(log);
        } catch (IOException e) {
            throw new IllegalStateException("the task log cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads aside, for whoever waits elsewhere. */
    <T> CompletionStage<T> read(Read<T> read) {
        var answer = new CompletableFuture<T>();
        reader.execute(() -> {
            try {
                answer.complete(read.from(log));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
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
            underWay--;
            next.run();
        }
        if (underWay == 0) {
            idle.run();
        }
    }

    @Override
    public void close() {
        reader.shutdown();
        try {
            log.close();
        } catch (IOException e) {
            LOG.error("the task log did not close in order", e);
        }
    }
}
