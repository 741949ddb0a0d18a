package dev.shunt.plan;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types of a plan's tasks, numbered through its groups in their order: a task goes to the group that declared its type,
 * one of no declared type to the group that has a handler for those.
 */
public record TaskTypes(List<Group> groups) {

    /**
     * Where the tasks of one type go.
     *
     * @param group its index in the plan
     * @param type what the group's {@link TaskSpec} calls it
     */
    public record Route(int group, int type) {}

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
        int type = Submission.UNTYPED;
        boolean untyped = false;
        for (var group : groups) {
            if (group.tasks().isPresent()) {
                untyped |= group.tasks().get().untyped().isPresent();
                for (var declared : group.tasks().get().typed()) {
                    type++;
                    if (payload != null && declared.type() == payload.getClass()) {
                        return new Submission(Data.of(payload), type, options);
                    }
                }
            }
        }
        if (!untyped && type != Submission.UNTYPED) {
            throw new IllegalArgumentException("no handler for tasks of "
                    + (payload == null ? "null" : payload.getClass().getName()) + "; there are handlers for "
                    + typed().map(TypedHandler::type).map(Class::getName).collect(Collectors.joining(", "))
                    + ", others go to onTask, which is not set");
        }
        return Submission.untyped(Data.of(payload), options);
    }

    /** Makes this process ready for payloads of these types, and of any, if the plan has tasks: {@link Codec#warmUp}. */
    public void warmUp() {
        if (groups.stream().anyMatch(Group::runsTasks)) {
            Codec.json().warmUp(typed().<Class<?>>map(TypedHandler::type).toList());
        }
    }

    private Stream<TypedHandler> typed() {
        return groups.stream().flatMap(group -> group.tasks().stream()).flatMap(spec -> spec.typed().stream());
    }

    /** Where tasks of that number go; empty if no group runs tasks. */
    public Optional<Route> route(int number) {
        return number == Submission.UNTYPED ? untyped() : typed(number);
    }

    /** Without a handler for them anywhere, to the first group for tasks, where they fail. */
    private Optional<Route> untyped() {
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

    private Optional<Route> typed(int number) {
        int before = 0;
        for (int index = 0; index < groups.size(); index++) {
            var tasks = groups.get(index).tasks();
            int types = tasks.isPresent() ? tasks.get().typed().size() : 0;
            if (number < before + types) {
                return Optional.of(new Route(index, number - before));
            }
            before += types;
        }
        return Optional.empty();
    }

    /** The number of the tasks that go there. */
    public int number(Route route) {
        int before = groups.stream()
                .limit(route.group())
                .flatMap(group -> group.tasks().stream())
                .mapToInt(spec -> spec.typed().size())
                .sum();
        return route.type() == Submission.UNTYPED ? Submission.UNTYPED : before + route.type();
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
