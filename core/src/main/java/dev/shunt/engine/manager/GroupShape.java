package dev.shunt.engine.manager;

import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.plan.Group;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TypedHandler;
import java.util.List;
import java.util.stream.IntStream;

/** What a group's dispatcher is told of its plan. */
final class GroupShape {

    private GroupShape() {}

    static DispatcherOptions options(Group group, int maxQueuedTasks) {
        return group.tasks()
                .map(spec -> options(spec, maxQueuedTasks))
                .orElseGet(() -> new DispatcherOptions(
                        maxQueuedTasks,
                        DispatcherOptions.YIELD_GRACE,
                        group.recycling().maxRuns(),
                        group.recycling().maxRunsSpread(),
                        List.of()));
    }

    private static DispatcherOptions options(TaskSpec spec, int maxQueuedTasks) {
        return new DispatcherOptions(
                maxQueuedTasks,
                DispatcherOptions.YIELD_GRACE,
                spec.maxRuns(),
                spec.maxRunsSpread(),
                spec.typed().stream().map(TypedHandler::rate).toList());
    }

    /** How many slots each child hosts; slots in process count as those of one child. */
    static List<Integer> slots(Group group, int children) {
        return group.processes() == 0
                ? List.of(group.slots())
                : IntStream.range(0, children).map(group::slotsOf).boxed().toList();
    }
}
