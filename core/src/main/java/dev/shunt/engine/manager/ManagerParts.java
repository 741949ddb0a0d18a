package dev.shunt.engine.manager;

import dev.shunt.engine.NoTaskSlots;
import dev.shunt.engine.TaskIds;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.task.Interest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The parts of a manager, wired to each other: the same ones in a program and in a test, which differ in their ports.
 * Parts live on the main loop unless they say otherwise.
 *
 * @param managerSlot the slot of this process that stands for the manager
 * @param anyTasks of no group if the plan has no slots for tasks
 * @param workEnded called by parts whenever something is over that a stop may wait for
 */
record ManagerParts(
        Plan plan,
        ManagerPorts ports,
        Journal journal,
        ProcessNumbers numbers,
        Payloads payloads,
        Groups groups,
        Executor managerSlot,
        Connections connections,
        Listeners listeners,
        ProgramChildren children,
        ChildMail mail,
        Posts posts,
        TaskGroups anyTasks,
        Schedules schedules,
        ManagerStats stats,
        Answers answers,
        WorkEnded workEnded) {

    /** Beyond one and a successor for each place. */
    private static final int FEW_PROCESSES = 8;

    /** Waits for the log. */
    static ManagerParts of(Plan plan, ManagerPorts ports) {
        var workEnded = new WorkEnded();
        var journal = new Journal(ports.log(), ports.logReader(), ports.main(), workEnded);
        int processes = plan.groups().stream().mapToInt(Group::processes).sum();
        var numbers = new ProcessNumbers(journal, FEW_PROCESSES + 2 * processes);
        var payloads = new Payloads(ports.files(), plan.codec(), ports.disk(), ports.main(), workEnded);
        var groups = new Groups(plan, ports, payloads, workEnded);
        Executor managerSlot = managerSlot(plan, groups, ports);
        var connections = new Connections(ports.budget(), ports.clock());
        var children = new ProgramChildren(plan, groups.children(), managerSlot, workEnded);
        var mail = new ChildMail(groups.children());
        var stats = new ManagerStats(plan, ports.clock(), ports.main(), connections, groups, children);
        var levels = new QueueLevels(plan.hooks(), managerSlot, stats);
        var nobody = new Origin.Here(managerSlot, plan.hooks().tasks(), Interest.RESULTS);
        var ids = new TaskIds(first(numbers), numbers, () -> {});
        var shared = new Tasks.Shared(plan, ids, journal, payloads, nobody, mail, ports.clock());
        var tasks = new TaskGroups(shared, groups.tasks(), levels::changed);
        groups.tasksEndAt(tasks);
        stats.count(tasks);
        return new ManagerParts(
                plan,
                ports,
                journal,
                numbers,
                payloads,
                groups,
                managerSlot,
                connections,
                new Listeners(plan, groups, connections, ports.main(), ports.clock()),
                children,
                mail,
                new Posts(plan, groups, mail, ports.main()),
                tasks,
                new Schedules(ports.main(), managerSlot, ports.clock()),
                stats,
                new Answers(
                        connections,
                        new SharedTables(plan.settings().shared(), ports.clock()),
                        new Topics(ports.main())),
                workEnded);
    }

    private static Executor managerSlot(Plan plan, Groups groups, ManagerPorts ports) {
        return plan.hooks()
                .callbackExecutor()
                .<Executor>map(given -> new GivenExecutor(given, ports.aside()))
                .or(groups::managerSlot)
                .orElse(ports.aside());
    }

    /** Done when callbacks that slots of this process have been given so far have run, that of the manager among them. */
    CompletableFuture<Void> calledBack() {
        return CompletableFuture.allOf(groups.calledBack(), CompletableFuture.runAsync(() -> {}, managerSlot));
    }

    private static long first(ProcessNumbers numbers) {
        try {
            return numbers.next();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    /** On the main loop. */
    void reload(boolean tasksOnly) {
        if (!tasksOnly) {
            ports.aside().execute(listeners::readFilesAgain);
        }
        children.reload(tasksOnly);
    }

    TaskGroups tasks() {
        if (anyTasks.isEmpty()) {
            throw new NoTaskSlots();
        }
        return anyTasks;
    }
}
