package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import org.jspecify.annotations.Nullable;

/** What becomes of tasks of a group of which some are shared with other nodes. Lives on the main loop. */
final class SharedEnds implements GroupRun.Ends<TaskItem> {

    private final TaskEnds others;
    private final SharedRuns runs;
    private final Tasks tasks;
    private final Runnable workEnded;

    /**
     * @param others of tasks that are not shared
     * @param workEnded called after each end
     */
    SharedEnds(TaskEnds others, SharedRuns runs, Tasks tasks, Runnable workEnded) {
        this.others = others;
        this.runs = runs;
        this.tasks = tasks;
        this.workEnded = workEnded;
    }

    private static boolean isShared(TaskItem task) {
        return task.origin() instanceof Origin.Shared;
    }

    @Override
    public boolean begins(Work<TaskItem> work, Runnable then) {
        return isShared(work.item()) ? runs.begins(work, then) : others.begins(work, then);
    }

    @Override
    public void ran(Work<TaskItem> work, Outcome outcome, long runNanos) {
        others.ran(work, outcome, runNanos);
    }

    @Override
    public @Nullable Object asker(TaskItem task) {
        return others.asker(task);
    }

    @Override
    public void ended(Work<TaskItem> work, Settlement settlement) {
        if (isShared(work.item())) {
            runs.ended(work, settlement);
            workEnded.run();
        } else {
            others.ended(work, settlement);
        }
    }

    @Override
    public void kept(Work<TaskItem> work) {
        if (isShared(work.item())) {
            runs.kept(work);
            workEnded.run();
        } else {
            others.kept(work);
        }
    }

    @Override
    public void retried(TaskItem task, int attempts, long delayNanos) {
        others.retried(task, attempts, delayNanos);
    }

    @Override
    public void reported(TaskItem task, Report report, Data data, Reporter by) {
        if (isShared(task)) {
            runs.progressed(task, data);
        } else {
            others.reported(task, report, data, by);
        }
    }

    @Override
    public void entered(TaskItem task) {
        if (!isShared(task)) { // it takes a slot that the queue has been told of
            runs.moved(tasks);
        }
    }

    @Override
    public void moved() {
        others.moved();
        runs.moved(tasks);
    }
}
