package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Schedule;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Schedules of nodes that share tasks: of those that find one due, the queue names one, which submits its task to it; if that
 * node dies before, another. Such a task is durable, whatever its options say: any node may run it. Lives on the main loop.
 */
final class SharedSchedules {

    private static final Logger LOG = Log.of(SharedSchedules.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Hears whose turn it is. */
    interface Turn {

        /**
         * @param mine what this node is to submit; null if nothing
         * @param again when to ask again; zero for the next time that it is due
         */
        void is(@Nullable Occurrence mine, Duration again);
    }

    private final Sharing sharing;
    private final Plan plan;
    private final TaskGroups tasks;
    private final Loop main;

    SharedSchedules(Sharing sharing, Plan plan, TaskGroups tasks, Loop main) {
        this.sharing = sharing;
        this.plan = plan;
        this.tasks = tasks;
        this.main = main;
    }

    void ask(Occurrence occurrence, Turn turn) {
        sharing.due(occurrence, answer -> {
            if (answer instanceof Answer.Fires(var mine, long nextNanos)) {
                turn.is(mine, Duration.ofNanos(nextNanos));
            } else {
                LOG.error(
                        "schedule {} is due, and the task queue does not say whose turn it is", occurrence.schedule());
                turn.is(null, AGAIN);
            }
        });
    }

    /**
     * On the manager's slot.
     *
     * @param fired told the task's id on the main loop; -1 if there is none
     */
    void submit(Schedule schedule, Occurrence occurrence, LongConsumer fired) {
        try {
            var task = plan.taskTypes()
                    .scheduled(schedule, shared(schedule.options()))
                    .encoded();
            main.execute(() -> fired.accept(sharing.submit(
                    occurrence, () -> tasks.submit(task, 0, sharing.runs().nobody(), null))));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        } catch (Throwable e) { // the program's own code; it is asked again next time
            LOG.error("schedule {} is due, but what its task is to be could not be told", schedule.name(), e);
            main.execute(() -> {
                sharing.skip(occurrence);
                fired.accept(-1);
            });
        }
    }

    private static TaskOptions shared(TaskOptions options) {
        return options.durability() == Durability.MEMORY ? options.durability(Durability.DISK) : options;
    }
}
