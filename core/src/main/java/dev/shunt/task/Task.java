package dev.shunt.task;

import dev.shunt.data.Data;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task as its handler sees it, on the slot that runs it. A result is given by {@link #finish}, by returning it, or not at
 * all.
 */
public final class Task {

    /** The attempt under way, for whoever runs it. */
    public interface Run {

        boolean isCancelled();

        /** Waits while as many results wait to be heard as may. */
        default void awaitRoom() {}

        /** @return whether the result is on its way already, and need not be kept */
        boolean finished(Data result);

        void progressed(Data progress);
    }

    private final long id;
    private final Data data;
    private final int attempt;
    private final int source;
    private final Optional<Instant> deadline;
    private final int fence;
    private final TaskHeaders headers;
    private final Run run;

    /** These three with {@link #run} as their lock: a handler may go on elsewhere. */
    private @Nullable Data outcome;

    private boolean answered;
    private boolean over;

    /** Of one that nodes do not share. */
    public Task(long id, Data data, int attempt, int source, Optional<Instant> deadline, Run run) {
        this(id, data, attempt, source, deadline, 0, TaskHeaders.NONE, run);
    }

    public Task(
            long id,
            Data data,
            int attempt,
            int source,
            Optional<Instant> deadline,
            int fence,
            TaskHeaders headers,
            Run run) {
        this.id = id;
        this.data = data;
        this.attempt = attempt;
        this.source = source;
        this.deadline = deadline;
        this.fence = fence;
        this.headers = headers;
        this.run = run;
    }

    /** Unique for the life of the manager, and of its log if it has one. */
    public long id() {
        return id;
    }

    public Data data() {
        return data;
    }

    /** 1 for the first run. */
    public int attempt() {
        return attempt;
    }

    /** The slot that asked for it; Swoole's {@code src_worker_id}. */
    public int source() {
        return source;
    }

    /** When it must be over, if its options say so. */
    public Optional<Instant> deadline() {
        return deadline;
    }

    /**
     * For stores of the program's own, of a task that nodes share: how often it has been handed to one, from 1. A store that
     * keeps it with what a task writes, and refuses a smaller one, refuses a node that was taken for gone. Else 0.
     */
    public int fence() {
        return fence;
    }

    /** What {@link TaskOptions#header} gave it, and what contexts of the program have added; empty if none. Immutable. */
    public Map<String, String> headers() {
        return headers.values();
    }

    /** For whoever runs it. */
    public TaskHeaders carried() {
        return headers;
    }

    /** Whether it is to end now: it was cancelled, or its time is over. The thread has been interrupted as well. */
    public boolean isCancelled() {
        return run.isCancelled();
    }

    /**
     * Tells whoever holds the task's handle how far it is: bytes, text, {@link Data}, or an object for the codec. From any
     * thread, until the handler has ended, which is when what it returned is there.
     *
     * @throws IllegalArgumentException if it cannot be encoded
     * @throws IllegalStateException if the handler has ended
     */
    public void progress(Object progress) {
        var data = Data.of(progress, this.data.codec()).portable();
        synchronized (run) {
            refuseIfOver("progress()");
            run.progressed(data);
        }
    }

    /**
     * Gives a result: bytes, text, {@link Data}, or an object for the codec. {@code onFinish} gets each one at once, as in
     * Swoole; a callback, a handle and a waiting caller get the last one, or what the handler returns, when it has ended.
     * From any thread, until the handler has ended, which is when what it returned is there. While 256 of them, or 1 MiB, wait
     * for {@code onFinish} it waits, for ten seconds at most.
     *
     * @return for a handler to return, if this is its result
     * @throws IllegalArgumentException if it cannot be encoded
     * @throws IllegalStateException if the handler has ended
     */
    public Finished finish(@Nullable Object result) {
        var data = Data.of(result, this.data.codec()).portable();
        run.awaitRoom();
        synchronized (run) {
            refuseIfOver("finish()");
            answered |= run.finished(data);
            outcome = data;
        }
        return Finished.INSTANCE;
    }

    private void refuseIfOver(String call) {
        if (over) {
            throw new IllegalStateException(call + " of task " + id
                    + " comes too late: its handler has ended, and its result is told; a handler whose work goes on"
                    + " elsewhere returns a CompletionStage of it");
        }
    }

    /** For whoever runs it: the handler has ended, and nothing that is said of the task from now on would be heard. */
    public void end() {
        synchronized (run) {
            over = true;
        }
    }

    /** For whoever has called {@link #end}, on that thread: what {@link #finish} was given last, or empty. */
    public Data outcome() {
        return outcome == null ? Data.empty() : outcome; // which changes no more, and was seen when it ended
    }

    /** As {@link #outcome}: whether what {@link #finish} was given is known to the caller already. */
    public boolean isAnswered() {
        return answered;
    }
}
