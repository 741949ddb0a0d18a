package dev.shunt.plan;

import dev.shunt.check.Check;
import dev.shunt.task.AnsweringTask;
import dev.shunt.task.RateLimit;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.task.TypedTask;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what a face is told about the tasks of one group. The types are numbered in the order of their declaration. */
public final class TaskSpecBuilder {

    private final UnaryOperator<TaskHandler<?>> around;

    private final Map<Class<?>, TaskHandler<?>> typed = new LinkedHashMap<>();
    private final Map<Class<?>, RateLimit> rates = new LinkedHashMap<>();
    private final Map<String, Class<?>> formerNames = new LinkedHashMap<>();
    private final Map<String, Schedule> schedules = new LinkedHashMap<>();
    private @Nullable TaskHandler<?> untyped;
    private RetryDecision retry = RetryDecision.BY_OPTIONS;
    private int maxRuns;
    private int maxRunsSpread;

    public TaskSpecBuilder() {
        this(handler -> handler);
    }

    /** @param around every handler is given to it, and what it makes of that runs in its place */
    public TaskSpecBuilder(UnaryOperator<TaskHandler<?>> around) {
        this.around = around;
    }

    public void untyped(TaskHandler<?> handler) {
        untyped = around(handler);
    }

    /** Throws {@link IllegalStateException} if the type has a handler already. */
    public <T> void handle(Class<T> type, TypedTask<? super T> handler) {
        typed(type, task -> {
            handler.run(task.data().as(type), task);
            return null;
        });
    }

    /** As {@link #handle}, for a handler that returns its result. */
    public <T> void answer(Class<T> type, AnsweringTask<? super T, ?> handler) {
        typed(type, task -> handler.run(task.data().as(type), task));
    }

    private void typed(Class<?> type, TaskHandler<?> handler) {
        Check.given("the type of a task", type);
        if (typed.putIfAbsent(type, around(handler)) != null) {
            throw new IllegalStateException("tasks of " + type.getName() + " have a handler already");
        }
    }

    private TaskHandler<?> around(TaskHandler<?> handler) {
        return around.apply(task -> TaskSpec.result(handler.run(task)));
    }

    public void rate(Class<?> type, RateLimit limit) {
        rates.put(Check.given("rateLimit", type), limit);
    }

    /** Throws {@link IllegalArgumentException} if the name means another type. */
    public void formerName(Class<?> type, String name) {
        Check.name("the former name of " + Check.given("alias", type).getName(), name);
        var other = formerNames.putIfAbsent(name, type);
        if (other != null && other != type) {
            throw new IllegalArgumentException("'" + name + "' is a former name of " + other.getName()
                    + " already, and cannot be one of " + type.getName());
        }
    }

    public void retry(RetryDecision decision) {
        retry = decision;
    }

    /** @param spread negative for the default: half of {@code runs} if that is above 10, else none */
    public void maxRuns(int runs, int spread) {
        maxRuns = runs;
        maxRunsSpread = spread >= 0 ? spread : runs > 10 ? runs / 2 : 0;
    }

    /** 0 for never. */
    public int maxRuns() {
        return maxRuns;
    }

    /**
     * Has the clock submit tasks. One is rejected while the one before has not ended, unless the options have a unique
     * key of their own.
     *
     * @param expression as {@link Timing#cron} reads it
     * @throws IllegalArgumentException if it cannot, or the name is taken
     */
    public void schedule(
            String name,
            String expression,
            ZoneId zone,
            TaskOptions options,
            Supplier<? extends @Nullable Object> task) {
        Check.given("schedule '" + name + "' cron", expression);
        Check.given("schedule '" + name + "' zone", zone);
        schedule(name, () -> Timing.cron(expression, zone), options, task);
    }

    /** As the other one, in this machine's time zone. */
    public void schedule(String name, String expression, Supplier<? extends @Nullable Object> task) {
        schedule(name, expression, Clock.systemZone(), TaskOptions.DEFAULT, task);
    }

    /** As the other one, again and again with {@code interval} between the starts. */
    public void schedule(
            String name, Duration interval, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        schedule(name, () -> new Timing.Every(interval), options, task);
    }

    private void schedule(
            String name, Supplier<Timing> timing, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        Check.name("schedule name", name);
        Check.given("schedule '" + name + "' options", options);
        Check.given("schedule '" + name + "' task", task);
        if (schedules.containsKey(name)) {
            throw new IllegalArgumentException(
                    "there is a schedule '" + name + "' already; give each a name of its own");
        }
        var all = options.unique().isPresent() ? options : options.uniqueKey(Occurrence.key(name));
        try {
            schedules.put(name, new Schedule(name, timing.get(), all, task));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("schedule '" + name + "': " + e.getMessage(), e);
        }
    }

    public Set<String> scheduleNames() {
        return Collections.unmodifiableSet(schedules.keySet());
    }

    public boolean isEmpty() {
        return untyped == null && typed.isEmpty();
    }

    public TaskSpec build() {
        for (var type : rates.keySet()) {
            if (!typed.containsKey(type)) {
                throw new IllegalStateException("a rate limit for tasks of " + type.getName()
                        + ", which have no handler; declare one with handle");
            }
        }
        checkFormerNames();
        return new TaskSpec(
                Optional.ofNullable(untyped),
                typed.entrySet().stream()
                        .map(entry -> new TypedHandler(
                                entry.getKey(),
                                entry.getValue(),
                                formerNamesOf(entry.getKey()),
                                Optional.ofNullable(rates.get(entry.getKey()))))
                        .toList(),
                retry,
                maxRuns,
                maxRunsSpread,
                List.copyOf(schedules.values()));
    }

    private Set<String> formerNamesOf(Class<?> type) {
        return formerNames.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void checkFormerNames() {
        formerNames.forEach((name, type) -> {
            if (!typed.containsKey(type)) {
                throw new IllegalStateException("'" + name + "' is a former name of " + type.getName()
                        + ", tasks of which have no handler; declare one with handle");
            }
            if (typed.keySet().stream().anyMatch(other -> other.getName().equals(name))) {
                throw new IllegalStateException("'" + name + "' cannot be a former name of " + type.getName()
                        + ": there is such a class, whose tasks have a handler");
            }
        });
    }
}
