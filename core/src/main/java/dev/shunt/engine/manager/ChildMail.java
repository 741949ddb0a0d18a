package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.ipc.Frame;
import dev.shunt.plan.Slot;
import java.util.Map;
import java.util.Objects;

/** What is said to slots of children: what becomes of the tasks they asked for, and what other slots post. */
record ChildMail(Map<Integer, GroupChildren> byGroup) implements Callers.ToChild {

    @Override
    public void tell(EndedTask ended) {
        at(ended.origin().group()).tell(ended);
    }

    @Override
    public void tell(Origin.InChild origin, Frame.ToChild frame) {
        at(origin.group()).tellNow(origin, frame);
    }

    @Override
    public void progressed(Origin.InChild origin, TaskItem task, Data data) {
        at(origin.group())
                .tellNow(
                        origin,
                        Payloads.ofTask(task.id()),
                        data,
                        payload -> new Frame.TaskProgressed(task.id(), origin.slot(), payload));
    }

    /** Something for a slot of a child, from another slot. */
    void post(int group, Slot slot, Mailbox.Message message) {
        at(group).post(slot, message);
    }

    private GroupChildren at(int group) {
        return Objects.requireNonNull(byGroup.get(group));
    }
}
