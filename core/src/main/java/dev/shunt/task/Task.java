package dev.shunt.task;

import dev.shunt.data.Data;
import org.jspecify.annotations.Nullable;

/**
 * A task as its handler sees it, on the slot that runs it. {@link #finish} and a returned value are the same thing and
 * both are optional; if a handler does both, or finishes twice, the last one counts.
 */
public final class Task {

    private final long id;
    private final Data data;
    private final int attempt;
    private final int source;
    private @Nullable Data outcome;

    public Task(long id, Data data, int attempt, int source) {
        this.id = id;
        this.data = data;
        this.attempt = attempt;
        this.source = source;
    }

    /** Unique for the life of the manager. */
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

    /** Ends the task with this result once the handler returns: bytes, text, {@link Data}, or an object for the codec. */
    public void finish(@Nullable Object result) {
        outcome = Data.of(result);
    }

    /** What {@link #finish} was given last, or empty. */
    public Data outcome() {
        return outcome == null ? Data.empty() : outcome;
    }
}
