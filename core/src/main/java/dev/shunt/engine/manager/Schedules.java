package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Schedule;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits the tasks of schedules when they are due. Lives on the main loop; what a task is to be is asked on the slot that
 * stands for the manager, and the next due time is looked for when that has been answered, so that a slow answer delays
 * later runs instead of heaping them up.
 */
public final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final Executor main;
    private final BiConsumer<Runnable, Duration> later;
    private final Executor managerSlot;
    private final Engine engine;
    private final Clock clock;
    private volatile boolean stopped;

    /**
     * @param main the main loop
     * @param later does something there after a while
     */
    public Schedules(
            Executor main, BiConsumer<Runnable, Duration> later, Executor managerSlot, Engine engine, Clock clock) {
        this.main = main;
        this.later = later;
        this.managerSlot = managerSlot;
        this.engine = engine;
        this.clock = clock;
    }

    /** On the main loop. */
    public void start(Plan plan) {
        plan.taskGroup().stream()
                .flatMap(group -> group.tasks().orElseThrow().schedules().stream())
                .forEach(schedule -> look(schedule, Due.of(schedule.timing(), clock)));
    }

    /** Nothing is due any more. */
    void stop() {
        stopped = true;
    }

    private void look(Schedule schedule, Due due) {
        if (stopped) {
            return;
        }
        var left = due.left();
        if (left.isZero()) {
            managerSlot.execute(() -> run(schedule, due));
        } else {
            later.accept(() -> look(schedule, due), left);
        }
    }

    private void run(Schedule schedule, Due due) {
        if (stopped) {
            return;
        }
        try {
            long id = engine.submit(schedule.task().get(), null);
            LOG.debug("schedule {}: task {}", schedule.name(), id);
        } catch (Throwable e) { // the program's own code; it is asked again next time
            LOG.error("schedule {} is due, but what its task is to be could not be told", schedule.name(), e);
        }
        try {
            main.execute(() -> {
                due.ran();
                look(schedule, due);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }
}
