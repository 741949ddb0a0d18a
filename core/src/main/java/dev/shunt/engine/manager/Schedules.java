package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import dev.shunt.engine.NamedCallback;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Schedule;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Submits the tasks of schedules when they are due. Lives on the main loop; what a task is to be is asked on the slot that
 * stands for the manager, and the next due time is looked for when that has been answered, so that a slow answer delays
 * later runs instead of heaping them up.
 */
final class Schedules {

    private static final Logger LOG = Log.of(Schedules.class);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Loop main;
    private final Executor managerSlot;
    private final Clock clock;
    private final TaskGroups tasks;
    private final Origin.Here nobody;
    private final Map<String, Schedule> all = new HashMap<>();
    private @Nullable Engine engine;
    private volatile boolean stopped;

    /** @param nobody where results of tasks go that nobody asked for */
    Schedules(Loop main, Executor managerSlot, Clock clock, TaskGroups tasks, Origin.Here nobody) {
        this.main = main;
        this.managerSlot = managerSlot;
        this.clock = clock;
        this.tasks = tasks;
        this.nobody = nobody;
    }

    /** On the main loop; {@code engine} is given the tasks. */
    void start(Plan plan, Engine engine) {
        this.engine = engine;
        plan.groups().stream()
                .flatMap(group -> group.tasks().stream())
                .flatMap(tasks -> tasks.schedules().stream())
                .forEach(schedule -> {
                    all.put(schedule.name(), schedule);
                    look(schedule, Due.of(schedule.timing(), clock), engine);
                });
    }

    /** Nothing is due any more. */
    void stop() {
        stopped = true;
    }

    private void look(Schedule schedule, Due due, Engine engine) {
        if (stopped) {
            return;
        }
        try {
            var left = due.left();
            if (left.isZero() && tasks.sharing().isPresent()) {
                askNodes(schedule, due, engine, tasks.sharing().get());
            } else if (left.isZero()) {
                managerSlot.execute(new NamedCallback("schedule " + schedule.name(), () -> run(schedule, due, engine)));
            } else {
                var _ = main.schedule(() -> look(schedule, due, engine), left);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        } catch (RuntimeException | Error e) {
            LOG.error("schedule {} is not due any more: it cannot be told when", schedule.name(), e);
        }
    }

    /** Of the nodes that share a queue, one submits its task. */
    private void askNodes(Schedule schedule, Due due, Engine engine, Sharing sharing) {
        sharing.due(due.occurrence(schedule.name()), answer -> {
            if (!(answer instanceof Answer.Fires(var mine, long nextNanos))) {
                LOG.error("schedule {} is due, and the task queue does not say whose turn it is: {}", schedule.name(), answer);
                var _ = main.schedule(() -> look(schedule, due, engine), AGAIN);
                return;
            }
            if (mine != null) {
                due(mine);
            }
            if (nextNanos == 0) {
                ran(schedule, due);
                look(schedule, due, engine);
            } else {
                var _ = main.schedule(() -> askNodesIfRunning(schedule, due, engine, sharing), Duration.ofNanos(nextNanos));
            }
        });
    }

    private void askNodesIfRunning(Schedule schedule, Due due, Engine engine, Sharing sharing) {
        if (!stopped) {
            askNodes(schedule, due, engine, sharing);
        }
    }

    /** This node is to submit the task of a schedule, of which another has not come to it, perhaps. */
    void due(Occurrence occurrence) {
        Schedule schedule = all.get(occurrence.schedule());
        var sharing = tasks.sharing();
        if (schedule == null || engine == null || sharing.isEmpty() || stopped) {
            return;
        }
        var types = engine.plan().taskTypes();
        managerSlot.execute(new NamedCallback("schedule " + schedule.name(), () -> {
            try {
                var task = types.submission(schedule.task().get(), shared(schedule.options())).encoded();
                main.execute(() -> sharing.get().submit(occurrence, () -> tasks.submit(task, 0, nobody, null)));
            } catch (Throwable e) { // the program's own code; it is asked again next time
                LOG.error("schedule {} is due, but what its task is to be could not be told", schedule.name(), e);
                main.execute(() -> sharing.get().skip(occurrence));
            }
        }));
    }

    /** Any node may run it, and the one that submits it may die. */
    private static TaskOptions shared(TaskOptions options) {
        return options.durability() == Durability.MEMORY ? options.durability(Durability.DISK) : options;
    }

    private static void ran(Schedule schedule, Due due) {
        try {
            due.ran();
        } catch (RuntimeException | Error e) {
            LOG.error("schedule {}: its next time cannot be told", schedule.name(), e);
        }
    }

    private void run(Schedule schedule, Due due, Engine engine) {
        if (stopped) {
            return;
        }
        try {
            long id = engine.submit(
                    engine.plan().taskTypes().submission(schedule.task().get(), schedule.options()), null);
            LOG.debug("schedule {}: task {}", schedule.name(), id);
        } catch (Throwable e) { // the program's own code; it is asked again next time
            LOG.error("schedule {} is due, but what its task is to be could not be told", schedule.name(), e);
        }
        try {
            main.execute(() -> {
                ran(schedule, due);
                look(schedule, due, engine);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }
}
