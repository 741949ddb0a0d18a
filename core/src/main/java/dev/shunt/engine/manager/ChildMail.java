package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.ipc.Frame;
import dev.shunt.plan.Slot;
import dev.shunt.timer.Loop;
import java.util.Map;
import java.util.Objects;

/** What is said to slots of children: what becomes of the tasks they asked for, and what other slots post. */
final class ChildMail implements Callers.ToChild, ProgressMail.Children {

    private final Map<Integer, GroupChildren> byGroup;
    private final ProgressMail progress;

    ChildMail(Map<Integer, GroupChildren> byGroup, Loop main) {
        this.byGroup = byGroup;
        this.progress = new ProgressMail(this, main);
    }

    @Override
    public void tell(EndedTask ended) {
        progress.tellNow(ended.id());
        at(ended.origin().group()).tell(ended);
    }

    @Override
    public void tell(Origin.InChild origin, Frame.ToChild frame) {
        at(origin.group()).tellNow(origin, frame);
    }

    @Override
    public void progressed(Origin.InChild origin, TaskItem task, Data data) {
        progress.progressed(origin, task.id(), data);
    }

    @Override
    public boolean isBehind(Origin.InChild asker) {
        return at(asker.group()).isBehind(asker);
    }

    @Override
    public void tell(Origin.InChild asker, long taskId, Data data, Runnable told) {
        at(asker.group())
                .tellNow(
                        asker,
                        Payloads.ofTask(taskId),
                        data,
                        payload -> new Frame.TaskProgressed(taskId, asker.slot(), payload),
                        told);
    }

    /** Something for a slot of a child, from another slot. */
    void post(int group, Slot slot, Mailbox.Message message) {
        at(group).post(slot, message);
    }

    private GroupChildren at(int group) {
        return Objects.requireNonNull(byGroup.get(group));
    }
}
