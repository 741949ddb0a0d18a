package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/** Does what children ask for, or say of what they run. Lives on the main loop. */
final class ChildRequests implements ProgramChildren.Requests {

    private static final Logger LOG = Log.of(ChildRequests.class);

    /** The log gives numbers slowly. */
    private static final Duration TASK_IDS_AGAIN = Duration.ofMillis(100);

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final ChildSends sends;
    private final BiConsumer<Child, Frame.AskControl> control;

    ChildRequests(
            ManagerParts parts, Shutdown shutdown, ChildSends sends, BiConsumer<Child, Frame.AskControl> control) {
        this.parts = parts;
        this.shutdown = shutdown;
        this.sends = sends;
        this.control = control;
    }

    /** What cannot be dealt with ends what it is about, not the child. */
    @Override
    public void received(Child child, FromChild.Work frame) {
        try {
            obey(child, frame);
        } catch (RuntimeException | Error e) {
            FatalErrors.letOn(e);
            LOG.error(
                    "what {} says cannot be dealt with: {}",
                    child,
                    frame.getClass().getSimpleName(),
                    e);
            if (frame instanceof Frame.Settled settled) {
                of(child).slots().broke(child, settled, e);
            } else if (frame instanceof Frame.Submit submit) {
                parts.tasks().broke(submit, source(child, submit), origin(child, submit), e);
            }
        }
    }

    @Override
    public void gone(Child child) {
        sends.gone(child);
        parts.childSockets().gone(child);
        parts.answers().topics().gone(child);
    }

    private void obey(Child child, FromChild.Work frame) {
        switch (frame) {
            case Frame.Settled settled -> of(child).slots().settled(child, settled);
            case Frame.TakenBack back -> of(child).slots().takenBack(child, back);
            case Frame.Submit submit -> submit(child, submit);
            case Frame.Send send -> sends.send(child, send);
            case Frame.Sent sent
            when Frame.isSlot(sent.to()) -> // after those before it, which may come from files
                parts.payloads().inLine(sent.to(), () -> sends.sent(child, sent));
            case Frame.Sent sent -> sends.sent(child, sent);
            case Frame.SendPart part -> sends.part(child, part);
            case Frame.AskBody ask ->
                parts.connections()
                        .askBody(
                                ask.requestId(),
                                ask.bytes(),
                                new ChildBody(
                                        child, ask.requestId(), parts.ports().main()));
            case Frame.Answer answer -> sends.answer(child, answer);
            case Frame.Reported reported -> of(child).slots().reported(child, reported);
            case Frame.Cancel cancel -> parts.tasks().cancelFromChild(child.serial(), cancel.taskId());
            case Frame.Withdraw withdraw -> parts.tasks().withdrawFromChild(child.serial(), withdraw.taskId());
            case Frame.Post post -> post(child, post);
            case Frame.PostRead read -> of(child).postRead(child, read.slot());
            case Frame.Acknowledged acknowledged -> {
                of(child).acknowledged(child, acknowledged.taskId());
                parts.workEnded().run();
            }
            case Frame.SendTo send ->
                parts.listeners()
                        .sendTo(
                                send.listener(),
                                new InetSocketAddress(InetAddress.ofLiteral(send.host()), send.port()),
                                ((Payload.Inline) send.payload()).data(Codec.json()));
            case FromChild.OfSockets ofSockets -> parts.childSockets().received(child, ofSockets);
            case Frame.Close close -> sends.close(child, close);
            case Frame.AskTaskIds _ -> giveTaskIds(child);
            case Frame.Ask ask -> child.send(parts.answers().to(ask));
            case Frame.Subscribe wanted -> parts.answers().topics().subscribe(child, wanted);
            case Frame.AskStats ask ->
                child.send(new Frame.Stats(
                        ask.question(), Payload.inline(Data.of(parts.stats().now()))));
            case Frame.AskControl ask -> control.accept(child, ask);
            case Frame.Reload reload -> parts.reload(reload.tasksOnly());
            case Frame.Shutdown _ -> shutdown.begin();
        }
    }

    private GroupChildren of(Child child) {
        return parts.children().of(child);
    }

    private void submit(Child child, Frame.Submit submit) {
        of(child).asks(child);
        parts.tasks().submitFromChild(submit, source(child, submit), origin(child, submit));
    }

    /** Id of the slot that asks. */
    private int source(Child child, Frame.Submit submit) {
        Plan plan = parts.plan();
        Group group = plan.groups().get(child.place().groupIndex());
        int slot = group.firstSlotOf(child.place().index()) + Math.max(0, submit.slot());
        return plan.slot(group, slot).id();
    }

    private static Origin.InChild origin(Child child, Frame.Submit submit) {
        var place = child.place();
        return new Origin.InChild(place.groupIndex(), place.index(), child.serial(), submit.slot(), submit.interest());
    }

    private void post(Child sender, Frame.Post post) {
        parts.payloads()
                .unpack(Payloads.toSlot(post.slotId()), post.payload())
                .then(
                        data -> parts.posts().post(sender, post.slotId(), post.source(), data),
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
