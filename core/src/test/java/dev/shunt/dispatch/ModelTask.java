package dev.shunt.dispatch;

import dev.shunt.task.Priority;
import dev.shunt.task.Unique;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A task or an event as the model knows it: what was asked for, and what has become of it. */
final class ModelTask {

    final String name;

    // What was asked for
    int retries;
    Priority priority = Priority.NORMAL;
    long timeoutNanos;
    long dueAt;
    long deadlineAt = Long.MAX_VALUE;

    @Nullable Unique unique;

    @Nullable String orderingKey;

    int type = -1;
    int slot = -1;
    boolean durable;

    @Nullable Sequence<ModelTask> sequence;

    int numberInSequence;
    boolean last;
    boolean cancelAsked;

    // What has become of it
    private @Nullable Work<ModelTask> work;
    int starts;

    @Nullable ModelChild child;

    long lease;
    long startedAt = -1;
    boolean interrupted;
    long interruptedAt;
    boolean died;
    boolean wasRetried;
    boolean hadTimedOut;
    boolean ended;
    boolean enteredKey;
    final List<ModelTask> joined = new ArrayList<>();

    @Nullable ModelTask joinedTo;

    @Nullable ModelTask successor;

    ModelTask(String name) {
        this.name = name;
    }

    Work<ModelTask> work() {
        return Objects.requireNonNull(work);
    }

    void is(Work<ModelTask> made) {
        work = made;
    }

    /** Nothing ever kept it from running but others before it. */
    boolean isReady() {
        boolean gated =
                unique != null || orderingKey != null || type >= 0 || slot >= 0 || sequence != null || dueAt > 0;
        return !gated && starts == 0 && !isLeased() && !ended;
    }

    boolean isLeased() {
        return child != null;
    }

    boolean isRunning() {
        return startedAt >= 0;
    }

    /** Ended for its caller, though its handler goes on. */
    boolean isOverrun() {
        return ended && child != null;
    }

    /** Ended, and its handler too. */
    boolean isGone() {
        return ended && child == null;
    }

    void leased(ModelChild to, long number) {
        child = to;
        lease = number;
        startedAt = -1;
        interrupted = false;
    }

    void leaseClosed() {
        child = null;
        startedAt = -1;
    }

    @Override
    public String toString() {
        return "%s[starts %d, retries %d, unique %s, key %s, type %d, slot %d, leased %s, running %s, interrupted %s, ended %s]"
                .formatted(
                        name,
                        starts,
                        retries,
                        unique,
                        orderingKey,
                        type,
                        slot,
                        isLeased(),
                        isRunning(),
                        interrupted,
                        ended);
    }
}
