package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Payload;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.process.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/** Does what children ask for, or say of what they run. Lives on the main loop. */
final class ChildRequests implements ProgramChildren.Requests {

    private static final Logger LOG = Log.of(ChildRequests.class);

    /** The log gives numbers slowly. */
    private static final Duration TASK_IDS_AGAIN = Duration.ofMillis(100);

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final ChildSends sends;

    ChildRequests(ManagerParts parts, Shutdown shutdown, ChildSends sends) {
        this.parts = parts;
        this.shutdown = shutdown;
        this.sends = sends;
    }

    @Override
    public void received(Child child, FromChild.Work frame) {
        switch (frame) {
            case Frame.Settled settled -> of(child).slots().settled(child, settled);
            case Frame.TakenBack back -> of(child).slots().takenBack(child, back);
            case Frame.Submit submit -> submit(child, submit);
            case Frame.Send send -> sends.send(child, send);
            case Frame.Reported reported -> of(child).slots().reported(child, reported);
            case Frame.Cancel cancel -> parts.tasks().cancelFromChild(child.serial(), cancel.taskId());
            case Frame.Withdraw withdraw -> parts.tasks().withdrawFromChild(child.serial(), withdraw.taskId());
            case Frame.Post post -> post(post);
            case Frame.Acknowledged acknowledged -> {
                of(child).acknowledged(child, acknowledged.taskId());
                parts.workEnded().run();
            }
            case Frame.Close close -> parts.connections().close(close.connectionId());
            case Frame.AskTaskIds _ -> giveTaskIds(child);
            case Frame.AskStats ask ->
                child.send(new Frame.Stats(
                        ask.question(), Payload.inline(Data.of(parts.stats().now()))));
            case Frame.Reload reload -> parts.children().reload(reload.tasksOnly());
            case Frame.Shutdown _ -> shutdown.begin();
        }
    }

    private GroupChildren of(Child child) {
        return Objects.requireNonNull(
                parts.groups().children().get(child.place().groupIndex()));
    }

    private void submit(Child child, Frame.Submit submit) {
        of(child).asks(child);
        Plan plan = parts.plan();
        var place = child.place();
        Group group = plan.groups().get(place.groupIndex());
        int slot = group.firstSlotOf(place.index()) + Math.max(0, submit.slot());
        parts.tasks()
                .submitFromChild(
                        submit,
                        plan.slot(group, slot).id(),
                        new Origin.InChild(
                                place.groupIndex(), place.index(), child.serial(), submit.slot(), submit.interest()));
    }

    private void post(Frame.Post post) {
        parts.payloads()
                .unpack(Payloads.toSlot(post.slotId()), post.payload())
                .then(
                        data -> parts.posts().post(parts.plan().slot(post.slotId()), post.source(), data),
                        problem -> LOG.warn("a message for worker {} is lost: {}", post.slotId(), problem));
    }

    private void giveTaskIds(Child child) {
        try {
            child.send(new Frame.TaskIds(parts.numbers().next()));
        } catch (IOException e) {
            var _ = parts.ports().main().schedule(() -> giveTaskIds(child), TASK_IDS_AGAIN);
        }
    }
}
