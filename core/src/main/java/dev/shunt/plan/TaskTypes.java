package dev.shunt.plan;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types of a plan's tasks, numbered through its groups in their order: a task goes to the group that declared its type,
 * one of no declared type to the group that has a handler for those.
 */
public final class TaskTypes {

    /**
     * Where the tasks of one type go.
     *
     * @param group its index in the plan
     * @param type what the group's {@link TaskSpec} calls it
     */
    public record Route(int group, int type) {}

    private final List<Group> groups;
    private final List<TypedHandler> typed;
    private final Map<Class<?>, Integer> numbers = new HashMap<>();
    private final boolean untyped;
    private final Codec codec;
    private final TaskContexts contexts;

    /** By number, from {@link Submission#UNTYPED} on: they are looked at for each task. */
    private final List<Optional<Route>> routes = new ArrayList<>();

    /** Without contexts. */
    public TaskTypes(List<Group> groups, Codec codec) {
        this(groups, codec, new TaskContexts(List.of()));
    }

    /** @param codec of their payloads */
    TaskTypes(List<Group> groups, Codec codec, TaskContexts contexts) {
        this.contexts = contexts;
        this.groups = List.copyOf(groups);
        this.codec = codec;
        typed = specs().flatMap(spec -> spec.typed().stream()).toList();
        untyped = specs().anyMatch(spec -> spec.untyped().isPresent());
        for (int number = 0; number < typed.size(); number++) {
            numbers.put(typed.get(number).type(), number);
        }
        routeOfUntyped().map(Optional::of).ifPresent(routes::add);
        for (int group = 0; group < groups.size(); group++) {
            int types =
                    groups.get(group).tasks().map(spec -> spec.typed().size()).orElse(0);
            for (int type = 0; type < types; type++) {
                routes.add(Optional.of(new Route(group, type)));
            }
        }
    }

    private Stream<TaskSpec> specs() {
        return groups.stream().flatMap(group -> group.tasks().stream());
    }

    /** Throws {@link IllegalStateException} if a task, or a schedule's name, could belong to two groups. */
    void check() {
        var types = new HashMap<Class<?>, String>();
        var schedules = new HashSet<String>();
        String untyped = null;
        for (var group : groups) {
            if (group.tasks().isEmpty()) {
                continue;
            }
            var spec = group.tasks().get();
            for (var typed : spec.typed()) {
                String other = types.putIfAbsent(typed.type(), group.name());
                if (other != null) {
                    throw new IllegalStateException("tasks of " + typed.type().getName()
                            + " have a handler in group '" + other + "' and in group '" + group.name()
                            + "'; declare each type in one group");
                }
            }
            if (spec.untyped().isPresent() && untyped != null) {
                throw new IllegalStateException("groups " + untyped + " and " + group.name()
                        + " both have onTask, and a task without a declared type could go to either; declare the tasks"
                        + " of one by type with handle(SomeType.class, ...)");
            }
            untyped = spec.untyped().isPresent() ? group.name() : untyped;
            for (var schedule : spec.schedules()) {
                if (!schedules.add(schedule.name())) {
                    throw new IllegalStateException("two groups have a schedule '" + schedule.name()
                            + "'; give each schedule a name of its own");
                }
            }
        }
    }

    /**
     * A task with this payload: of its class's type, if that was declared, else an untyped one.
     *
     * @throws IllegalArgumentException if there is no handler for it
     */
    public Submission submission(@Nullable Object payload, TaskOptions options) {
        return captured(submitted(payload, options), null);
    }

    /** As {@link #submission}, by the clock. */
    public Submission scheduled(Schedule schedule, TaskOptions options) throws Exception {
        return captured(submitted(schedule.task().get(), options), schedule.name());
    }

    private Submission captured(Submission task, @Nullable String schedule) {
        if (contexts.isEmpty()) {
            return task;
        }
        String type = task.type() == Submission.UNTYPED
                ? ""
                : typed.get(task.type()).type().getName();
        return contexts.captured(task, type, schedule);
    }

    /** What programs carry from the submission of a task to its handler. */
    public TaskContexts contexts() {
        return contexts;
    }

    private Submission submitted(@Nullable Object payload, TaskOptions options) {
        Integer type = payload == null || numbers.isEmpty() ? null : numbers.get(payload.getClass());
        if (type != null) {
            return new Submission(Data.of(payload, codec), type, options).with(codec);
        }
        if (!untyped && !typed.isEmpty()) {
            throw new IllegalArgumentException("no handler for tasks of "
                    + (payload == null ? "null" : payload.getClass().getName()) + "; there are handlers for "
                    + typed.stream().map(TypedHandler::type).map(Class::getName).collect(Collectors.joining(", "))
                    + ", others go to onTask, which is not set");
        }
        return Submission.untyped(Data.of(payload, codec), options).with(codec);
    }

    /** Whether that type was declared. */
    public boolean has(Class<?> type) {
        return numbers.containsKey(type);
    }

    /** Makes this process ready for payloads of these types, and of any, if the plan has tasks: {@link Codec#warmUp}. */
    public void warmUp() {
        if (groups.stream().anyMatch(Group::runsTasks)) {
            codec.warmUp(typed.stream().<Class<?>>map(TypedHandler::type).toList());
        }
    }

    /** Where tasks of that number go; empty if no group runs tasks. */
    public Optional<Route> route(int number) {
        int index = number - Submission.UNTYPED;
        return index < routes.size() ? routes.get(index) : Optional.empty();
    }

    /** Without a handler for them anywhere, to the first group for tasks, where they fail. */
    private Optional<Route> routeOfUntyped() {
        int first = -1;
        for (int index = 0; index < groups.size(); index++) {
            var tasks = groups.get(index).tasks();
            if (tasks.isPresent()) {
                if (tasks.get().untyped().isPresent()) {
                    return Optional.of(new Route(index, Submission.UNTYPED));
                }
                first = first < 0 ? index : first;
            }
        }
        return first < 0 ? Optional.empty() : Optional.of(new Route(first, Submission.UNTYPED));
    }

    /** The number of the tasks that go there. */
    public int number(Route route) {
        return routes.indexOf(Optional.of(route)) + Submission.UNTYPED;
    }

    /** Where tasks go whose type a log keeps under that name; empty if this program has no handler for them. */
    public Optional<Route> route(String typeName) {
        for (int index = 0; index < groups.size(); index++) {
            var type = groups.get(index).tasks().flatMap(spec -> spec.type(typeName));
            if (type.isPresent()) {
                return Optional.of(new Route(index, type.get()));
            }
        }
        return Optional.empty();
    }
}
