package dev.shunt.engine.manager;

import dev.shunt.engine.NoTaskSlots;
import dev.shunt.engine.ProgramCode;
import dev.shunt.engine.TaskIds;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Interest;
import dev.shunt.task.TaskQueue;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        ChildSockets childSockets,
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
        var journal = new Journal(ports.log(), ports.logReader(), ports.main(), ports.clock(), workEnded);
        var inbox = new LoopInbox(ports.main(), workEnded);
        var listener = new QueueListener(inbox);
        TaskQueue queue = queue(plan, listener);
        try {
            return of(plan, ports, workEnded, journal, inbox, listener, queue);
        } catch (RuntimeException | Error e) {
            close(queue);
            throw e;
        }
    }

    private static ManagerParts of(
            Plan plan,
            ManagerPorts ports,
            WorkEnded workEnded,
            Journal journal,
            LoopInbox inbox,
            QueueListener listener,
            @Nullable TaskQueue queue) {
        int processes = plan.groups().stream().mapToInt(Group::processes).sum();
        var numbers = new ProcessNumbers(journal, queue, FEW_PROCESSES + 2 * processes);
        var payloads = new Payloads(ports.files(), plan.codec(), ports.disk(), ports.main(), workEnded);
        var groups = new Groups(plan, ports, payloads, workEnded);
        Executor managerSlot = managerSlot(plan, groups, ports);
        var connections = new Connections(ports.budget(), ports.clock());
        var childSockets = new ChildSockets(plan, connections, ports.main(), ports.clock());
        var children = new ProgramChildren(plan, groups.children(), managerSlot, workEnded);
        var mail = new ChildMail(groups.children(), ports.main());
        var stats = new ManagerStats(plan, ports.clock(), ports.main(), connections, groups, children, payloads);
        var levels = new QueueLevels(plan.hooks(), managerSlot, stats);
        var nobody = new Origin.Here(managerSlot, plan.hooks().tasks(), Interest.RESULTS);
        var ids = new TaskIds(first(numbers), numbers, () -> {});
        var runs = new SharedRuns(ports.main(), ports.clock(), plan.codec(), nobody, children::horizon);
        var sharing = queue == null ? null : new Sharing(queue, runs, inbox, plan, ports.main(), ports.clock());
        var shared = new TaskParts(plan, ids, journal, payloads, nobody, mail, ports.clock());
        var tasks = new TaskGroups(shared, sharing, groups.tasks(), levels::changed);
        groups.tasksEndAt(tasks);
        stats.count(tasks);
        var schedules = new Schedules(
                ports.main(),
                managerSlot,
                ports.clock(),
                tasks.sharing().map(parts -> new SharedSchedules(parts, plan, tasks, ports.main())));
        listener.whenDue(schedules::due);
        if (sharing != null) {
            runs.of(sharing);
            listener.hearsFor(sharing);
        }
        return new ManagerParts(
                plan,
                ports,
                journal,
                numbers,
                payloads,
                groups,
                managerSlot,
                connections,
                childSockets,
                new Listeners(plan, groups, connections, childSockets, ports.main(), ports.clock()),
                children,
                mail,
                new Posts(plan, groups, mail, ports.main()),
                tasks,
                schedules,
                stats,
                answers(plan, ports, connections, groups),
                workEnded);
    }

    private static Answers answers(Plan plan, ManagerPorts ports, Connections connections, Groups groups) {
        var topics = new Topics(ports.main());
        connections.others(BusNodes.of(plan, connections, topics));
        return new Answers(
                connections,
                new SharedTables(plan.settings().shared(), ports.clock()),
                topics,
                name -> groups.slotsNow(plan.group(name)));
    }

    /** As it is to be on this node; null if nodes share no tasks. */
    private static @Nullable TaskQueue queue(Plan plan, TaskQueue.Listener listener) {
        if (plan.settings().taskQueue().isEmpty() || plan.taskGroups().isEmpty()) {
            return null;
        }
        try {
            return plan.settings().taskQueue().get().open(self(plan), listener);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    private static TaskQueue.Self self(Plan plan) {
        return new TaskQueue.Self(plan.taskGroups().stream()
                .map(group -> kinds(group.tasks().orElseThrow()))
                .toList());
    }

    private static List<TaskQueue.Kind> kinds(TaskSpec spec) {
        var untyped = spec.untyped().stream().map(_ -> new TaskQueue.Kind("", Optional.empty()));
        var typed = spec.typed().stream()
                .map(handler -> new TaskQueue.Kind(handler.type().getName(), handler.rate()));
        return Stream.concat(untyped, typed).toList();
    }

    private static void close(@Nullable TaskQueue queue) {
        if (queue != null) {
            try {
                queue.close();
            } catch (IOException | RuntimeException e) { // a queue of the program's own
                Log.of(ManagerParts.class).error("the task queue did not close in order", e);
            }
        }
    }

    /** The queue that nodes share, if there is one. */
    void closeQueue() {
        anyTasks.sharing().ifPresent(sharing -> close(sharing.queue()));
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
        plan.hooks()
                .beforeReload()
                .ifPresentOrElse(
                        callback -> ports.aside().execute(() -> {
                            ProgramCode.guarded("onBeforeReload", callback::run);
                            ports.main().execute(() -> children.reload(tasksOnly));
                        }),
                        () -> children.reload(tasksOnly));
    }

    /** Of tasks in memory, and of those that nodes share. */
    AllLetters letters() {
        return new AllLetters(tasks().letters(), journal, plan.codec(), tasks().sharing());
    }

    TaskGroups tasks() {
        if (anyTasks.isEmpty()) {
            throw new NoTaskSlots();
        }
        return anyTasks;
    }
}
