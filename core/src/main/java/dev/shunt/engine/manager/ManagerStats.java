package dev.shunt.engine.manager;

import dev.shunt.dispatch.Dispatcher;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.stats.Stats;
import dev.shunt.task.Outcome;
import dev.shunt.time.Clock;
import org.jspecify.annotations.Nullable;

/** The program in numbers. */
final class ManagerStats {

    private final Plan plan;
    private final long startedAtMillis;
    private final Connections connections;
    private final Groups groups;
    private final ProgramChildren children;
    private @Nullable Tasks tasks;

    ManagerStats(Plan plan, Clock clock, Connections connections, Groups groups, ProgramChildren children) {
        this.plan = plan;
        this.startedAtMillis = clock.epochMillis();
        this.connections = connections;
        this.groups = groups;
        this.children = children;
    }

    /** Before anything starts. */
    void count(Tasks counted) {
        tasks = counted;
    }

    /** As of about now: read from any thread while the main loop goes on. */
    Stats now() {
        int taskSlots = plan.taskGroup().map(Group::slots).orElse(0);
        var run = groups.tasks().map(GroupRun::dispatcher);
        var counts = tasks == null ? new TaskCounts() : tasks.counts();
        return new Stats(
                startedAtMillis,
                connections.size(),
                connections.accepted(),
                connections.closed(),
                connections.messages(),
                plan.groups().stream().mapToInt(Group::slots).sum() - taskSlots,
                taskSlots,
                run.map(Dispatcher::idleSlots).orElse(0),
                plan.settings().queue().maxTasks(),
                tasks == null ? 0 : tasks.waits(),
                tasks == null ? 0 : tasks.runs(),
                counts.submitted(),
                counts.ended(Outcome.DONE) + counts.ended(Outcome.ANSWERED),
                counts.ended(Outcome.FAILED),
                counts.ended(Outcome.LOST),
                counts.ended(Outcome.TIMED_OUT),
                counts.ended(Outcome.CANCELLED),
                counts.ended(Outcome.REJECTED),
                run.map(Dispatcher::retried).orElse(0L),
                tasks == null ? 0 : tasks.letters().count(),
                children.replaced());
    }
}
