package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.slots.FinishGate;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.TaskContexts;
import dev.shunt.task.Interest;
import dev.shunt.task.Report;
import dev.shunt.task.Task;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs handlers of tasks on slots of this process; what they say before they end goes on from the main loop. */
final class LocalTasks implements LocalSlots.Handlers<TaskItem> {

    private final GroupRun<TaskItem> run;
    private final boolean elsewhere;
    private final Codec codec;
    private final TaskContexts contexts;

    /** @param elsewhere whether its slots stand for those of another process */
    LocalTasks(GroupRun<TaskItem> run, boolean elsewhere, Plan plan) {
        this.codec = plan.codec();
        this.contexts = plan.taskTypes().contexts();
        this.run = run;
        this.elsewhere = elsewhere;
    }

    @Override
    public Settlement run(TaskItem item, int attempt, Interruption interruption) {
        var task = new Task(
                item.id(),
                item.data().with(codec),
                attempt,
                item.source(),
                item.deadline(),
                item.fence(),
                item.headers(),
                new ReportingRun(run, item, leaves(item), interruption));
        var settlement = HandlerRun.task(
                run.group().tasks().orElseThrow(), contexts, item.task().type(), task);
        return leaves(item) ? settlement.encoded() : settlement;
    }

    private boolean leaves(TaskItem item) {
        return elsewhere || item.origin() instanceof Origin.InChild;
    }

    private record ReportingRun(
            GroupRun<TaskItem> run,
            TaskItem item,
            boolean leaves,
            Interruption interruption,
            FinishGate gate,
            AtomicReference<@Nullable Data> latest)
            implements Task.Run {

        ReportingRun(GroupRun<TaskItem> run, TaskItem item, boolean leaves, Interruption interruption) {
            this(run, item, leaves, interruption, new FinishGate(), new AtomicReference<>());
        }

        @Override
        public void awaitRoom() {
            gate.pass(item.id());
        }

        @Override
        public boolean isCancelled() {
            return interruption.isWanted();
        }

        @Override
        public boolean finished(Data result) {
            boolean streamed = item.origin().interest() == Interest.RESULTS;
            if (streamed) {
                report(Report.FINISHED, result);
            }
            return streamed;
        }

        @Override
        public void progressed(Data progress) {
            if (item.origin().interest() == Interest.HANDLE) {
                var ready = leaves ? progress.encoded() : progress;
                if (latest.getAndSet(ready) == null) { // else the loop has not come to the one before, and tells this
                    run.loop().execute(this::reportLatest);
                }
            }
        }

        private void reportLatest() {
            var progress = latest.getAndSet(null);
            if (progress != null) {
                run.reported(item, Report.PROGRESSED, progress, gate::hold);
            }
        }

        /** What leaves the process is encoded here, where the program hears if it cannot be. */
        private void report(Report report, Data data) {
            var ready = leaves ? data.encoded() : data;
            run.loop().execute(() -> run.reported(item, report, ready, gate::hold));
        }
    }
}
