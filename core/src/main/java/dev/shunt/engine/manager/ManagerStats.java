package dev.shunt.engine.manager;

import dev.shunt.dispatch.Dispatcher;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.stats.Stats;
import dev.shunt.task.Outcome;
import dev.shunt.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The program in numbers. */
final class ManagerStats {

    private final Plan plan;
    private final long startedAtMillis;
    private final Connections connections;
    private final Groups groups;
    private final ProgramChildren children;
    private @Nullable TaskGroups tasks;

    ManagerStats(Plan plan, Clock clock, Connections connections, Groups groups, ProgramChildren children) {
        this.plan = plan;
        this.startedAtMillis = clock.epochMillis();
        this.connections = connections;
        this.groups = groups;
        this.children = children;
    }

    /** Before anything starts. */
    void count(TaskGroups counted) {
        tasks = counted;
    }

    /** As of about now: read from any thread while the main loop goes on. */
    Stats now() {
        int taskSlots = plan.taskGroups().stream().mapToInt(Group::slots).sum();
        var runs = groups.tasks().stream().map(GroupRun::dispatcher).toList();
        var counted = Objects.requireNonNull(tasks);
        return new Stats(
                startedAtMillis,
                connections.size(),
                connections.accepted(),
                connections.closed(),
                connections.messages(),
                plan.groups().stream().mapToInt(Group::slots).sum() - taskSlots,
                taskSlots,
                runs.stream().mapToInt(Dispatcher::idleSlots).sum(),
                counted.maxTasks(),
                counted.waits(),
                counted.runs(),
                counted.submitted(),
                counted.ended(Outcome.DONE) + counted.ended(Outcome.ANSWERED),
                counted.ended(Outcome.FAILED),
                counted.ended(Outcome.LOST),
                counted.ended(Outcome.TIMED_OUT),
                counted.ended(Outcome.CANCELLED),
                counted.ended(Outcome.REJECTED),
                runs.stream().mapToLong(Dispatcher::retried).sum(),
                counted.letters().count(),
                children.replaced());
    }
}
