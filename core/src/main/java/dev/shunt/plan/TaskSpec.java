package dev.shunt.plan;

import dev.shunt.task.Finished;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandler;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a group does with tasks.
 *
 * @param untyped runs tasks of no declared type
 * @param typed a task's type is its position here
 * @param retry decides about attempts that threw
 * @param maxRuns tasks after which a child is replaced, per slot; 0 for never
 * @param maxRunsSpread up to this many more per child, at random, so that not all are replaced at once
 * @param schedules tasks that the clock submits; each has a name of its own
 */
public record TaskSpec(
        Optional<TaskHandler<?>> untyped,
        List<TypedHandler> typed,
        RetryDecision retry,
        int maxRuns,
        int maxRunsSpread,
        List<Schedule> schedules) {

    public TaskSpec {
        typed = List.copyOf(typed);
        schedules = List.copyOf(schedules);
        if (maxRuns < 0 || maxRunsSpread < 0) {
            throw new IllegalArgumentException("replaced after " + maxRuns + " tasks and up to " + maxRunsSpread
                    + " more: neither may be negative");
        }
        if (untyped.isEmpty() && typed.isEmpty()) {
            throw new IllegalArgumentException("a group for tasks without a handler");
        }
    }

    public static TaskSpec of(TaskHandler<?> untyped) {
        return new TaskSpec(Optional.of(untyped), List.of(), RetryDecision.BY_OPTIONS, 0, 0, List.of());
    }

    /** Null for what says that there is none: so does a lambda of Kotlin that ends with a call which returns nothing. */
    public static @Nullable Object result(@Nullable Object returned) {
        return returned == null
                        || returned instanceof Finished
                        || returned.getClass().getName().equals("kotlin.Unit")
                ? null
                : returned;
    }

    /** The handler of a type, or of {@link Submission#UNTYPED}. */
    public TaskHandler<?> handler(int type) {
        return type == Submission.UNTYPED
                ? untyped.orElseThrow(() -> new IllegalStateException("this group has no handler for untyped tasks"))
                : typed.get(type).handler();
    }

    /** The class name of a type, as a log keeps it; empty for {@link Submission#UNTYPED}. */
    public String typeName(int type) {
        return type == Submission.UNTYPED ? "" : typed.get(type).type().getName();
    }

    /** The type of that class name, which may be a former one; empty if this program has none, or if an untyped task has no handler in it. */
    public Optional<Integer> type(String name) {
        if (name.isEmpty()) {
            return untyped.map(_ -> Submission.UNTYPED);
        }
        return IntStream.range(0, typed.size())
                .filter(type -> typed.get(type).isNamed(name))
                .boxed()
                .findFirst();
    }
}
