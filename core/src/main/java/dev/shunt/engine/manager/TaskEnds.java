package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of tasks with which the dispatcher is done, and of those that were joined to them. Lives on the main
 * loop.
 */
final class TaskEnds implements GroupRun.Ends<TaskItem> {

    private final GroupRun<TaskItem> run;
    private final Tasks tasks;
    private final Runnable workEnded;

    /** @param workEnded called after each end */
    TaskEnds(GroupRun<TaskItem> run, Tasks tasks, Runnable workEnded) {
        this.run = run;
        this.tasks = tasks;
        this.workEnded = workEnded;
    }

    @Override
    public boolean begins(Work<TaskItem> work, Runnable then) {
        return tasks.deaths().begins(work, then);
    }

    @Override
    public void ran(Work<TaskItem> work, Outcome outcome, long runNanos) {
        tasks.settlements().ran(work.item(), work.attempt(), outcome, runNanos);
    }

    @Override
    public @Nullable Object asker(TaskItem task) {
        return task.origin().asker();
    }

    @Override
    public void ended(Work<TaskItem> work, Settlement settlement) {
        tasks.settlements().ended(work.item(), work.attempt(), settlement);
        for (var joined : work.joined()) {
            endedWithAnother(joined, settlement);
        }
        workEnded.run();
    }

    /** What the log keeps does not end because what it joined is given up at the stop. */
    private void endedWithAnother(Work<TaskItem> joined, Settlement settlement) {
        boolean givenUp = run.dispatcher().isStopping()
                && (settlement.outcome() == Outcome.LOST || settlement.outcome() == Outcome.REJECTED);
        if (givenUp && joined.item().stored()) {
            kept(joined.item());
        } else {
            ended(joined, settlement);
        }
    }

    @Override
    public void kept(Work<TaskItem> work) {
        keep(work);
        work.joined().forEach(this::keep);
    }

    /** What was joined to it need not be in the log itself. */
    private void keep(Work<TaskItem> work) {
        if (work.item().stored()) {
            kept(work.item());
        } else {
            ended(work, Settlement.rejected("the program is stopping"));
        }
    }

    private void kept(TaskItem task) {
        tasks.settlements().kept(task);
        workEnded.run();
    }

    @Override
    public void retried(TaskItem task, int attempts, long delayNanos) {
        tasks.retried(task, attempts, delayNanos);
    }

    @Override
    public void reported(TaskItem task, Report report, Data data, Reporter by) {
        tasks.callers().reported(task, report, data, by);
    }

    @Override
    public void moved() {
        tasks.moved();
        workEnded.run();
    }
}
