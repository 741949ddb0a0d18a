package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Schedule;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * Submits the tasks of schedules when they are due. Lives on the main loop; what a task is to be is asked on the slot that
 * stands for the manager, and the next due time is looked for when that has been answered, so that a slow answer delays
 * later runs instead of heaping them up.
 */
final class Schedules {

    private static final Logger LOG = Log.of(Schedules.class);

    private final Loop main;
    private final Executor managerSlot;
    private final Clock clock;
    private volatile boolean stopped;

    Schedules(Loop main, Executor managerSlot, Clock clock) {
        this.main = main;
        this.managerSlot = managerSlot;
        this.clock = clock;
    }

    /** On the main loop; {@code engine} is given the tasks. */
    void start(Plan plan, Engine engine) {
        plan.groups().stream()
                .flatMap(group -> group.tasks().stream())
                .flatMap(tasks -> tasks.schedules().stream())
                .forEach(schedule -> look(schedule, Due.of(schedule.timing(), clock), engine));
    }

    /** Nothing is due any more. */
    void stop() {
        stopped = true;
    }

    private void look(Schedule schedule, Due due, Engine engine) {
        if (stopped) {
            return;
        }
        var left = due.left();
        if (left.isZero()) {
            managerSlot.execute(() -> run(schedule, due, engine));
        } else {
            var _ = main.schedule(() -> look(schedule, due, engine), left);
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
                due.ran();
                look(schedule, due, engine);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }
}
