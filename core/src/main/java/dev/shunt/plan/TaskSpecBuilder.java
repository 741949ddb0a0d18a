package dev.shunt.plan;

import dev.shunt.data.Data;
import dev.shunt.task.RateLimit;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what a face is told about tasks. The types are numbered in the order of their declaration. */
public final class TaskSpecBuilder {

    private final Map<Class<?>, TaskHandler> typed = new LinkedHashMap<>();
    private final Map<Class<?>, RateLimit> rates = new LinkedHashMap<>();
    private @Nullable TaskHandler untyped;
    private RetryDecision retry = RetryDecision.BY_OPTIONS;
    private int maxRuns;
    private int maxRunsSpread;

    public void untyped(TaskHandler handler) {
        untyped = handler;
    }

    /** Throws {@link IllegalStateException} if the type has a handler already. */
    public void typed(Class<?> type, TaskHandler handler) {
        if (typed.putIfAbsent(type, handler) != null) {
            throw new IllegalStateException("tasks of " + type.getName() + " have a handler already");
        }
    }

    public void rate(Class<?> type, RateLimit limit) {
        rates.put(type, limit);
    }

    public void retry(RetryDecision decision) {
        retry = decision;
    }

    public void maxRuns(int runs, int spread) {
        maxRuns = runs;
        maxRunsSpread = spread;
    }

    public boolean isEmpty() {
        return untyped == null && typed.isEmpty();
    }

    /**
     * A task with this payload: of its class's type, if that was declared, else an untyped one.
     *
     * @throws IllegalArgumentException if there is no handler for it
     */
    public Submission submission(@Nullable Object payload, TaskOptions options) {
        int type = Submission.UNTYPED;
        if (payload != null) {
            for (Class<?> declared : typed.keySet()) {
                type++;
                if (declared == payload.getClass()) {
                    return new Submission(Data.of(payload), type, options);
                }
            }
        }
        if (untyped == null && !typed.isEmpty()) {
            throw new IllegalArgumentException("no handler for tasks of "
                    + (payload == null ? "null" : payload.getClass().getName()) + "; there are handlers for "
                    + typed.keySet().stream().map(Class::getName).collect(Collectors.joining(", "))
                    + ", others go to onTask, which is not set");
        }
        return Submission.untyped(Data.of(payload), options);
    }

    public TaskSpec build() {
        for (var type : rates.keySet()) {
            if (!typed.containsKey(type)) {
                throw new IllegalStateException("a rate limit for tasks of " + type.getName()
                        + ", which have no handler; declare one with handle");
            }
        }
        return new TaskSpec(
                Optional.ofNullable(untyped),
                typed.entrySet().stream()
                        .map(entry -> new TypedHandler(
                                entry.getKey(), entry.getValue(), Optional.ofNullable(rates.get(entry.getKey()))))
                        .toList(),
                retry,
                maxRuns,
                maxRunsSpread);
    }
}
