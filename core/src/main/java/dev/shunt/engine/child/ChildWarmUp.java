package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.ipc.FrameBuffer;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.ipc.WorkKind;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Buffer;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Peer;
import dev.shunt.net.Protocol;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Makes a child's code warm by running it, before the child is ready: a task that it runs, or a message that asks for a
 * task. What goes to the manager is written as a frame and left there; what would come back is read from one. So nothing
 * of the program's is called, and nobody hears of it.
 */
final class ChildWarmUp implements ManagerLink {

    private static final Logger LOG = Log.of(ChildWarmUp.class);
    private static final Data WORD = Data.of("warm");
    private static final Payload NOTHING = Payload.inline(Data.empty());
    private static final String NAME = "warm";

    /** As {@code taskWait} gives them: to be written out, though they say nothing. */
    private static final TaskOptions OPTIONS = TaskOptions.DEFAULT.slot(-1);

    private final PayloadFiles files;
    private final FrameBuffer frames = new FrameBuffer();
    private final AskedTasks tasks;

    private ChildWarmUp(PayloadFiles files) {
        this.files = files;
        this.tasks = new AskedTasks(plan(), false, this, files, new TaskIds(0, () -> 0, () -> {}), _ -> 0);
    }

    /** Never throws but what no process survives. */
    static void run(Plan plan, Group group, PayloadFiles files) {
        try {
            plan.taskTypes().warmUp();
            var warm = new ChildWarmUp(files);
            if (group.runsTasks()) {
                warm.runTask();
            } else {
                warm.handleMessage(!plan.taskGroups().isEmpty());
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("not warm when it starts to work", e);
        }
    }

    private void runTask() {
        var terms = new Frame.LeaseTerms(0, -1, 1, 0, Interest.END);
        var lease = received(new Frame.Lease(0, WorkKind.TASK, 0, 1, 0, terms, files.pack(WORD)));
        var task = new Task(0, files.unpack(lease.payload(), Codec.json()), 1, 0, Optional.empty(), new Silent());
        settled(HandlerRun.task(spec(), Submission.UNTYPED, task));
    }

    private void handleMessage(boolean asks) {
        var protocol = new ApplicationProtocol.Framing(Anything.INSTANCE);
        var here = new Endpoint("tcp", "127.0.0.1", 0, "/");
        var adopted = received(new Frame.Adopt(0, new Peer(0, here.host(), 1, here.host(), 1)));
        var connection = new ChildConnection(
                adopted.peer(),
                new Listener(here, protocol, Limits.DEFAULT, ListenOptions.DEFAULT, NAME, new Answers(asks)),
                new SendWindow(0, Limits.DEFAULT.maxSendBytes(), this, SendWindow.PATIENCE),
                this::tell);
        var lease = received(new Frame.Lease(0, WorkKind.MESSAGE, 0, 1, 0, Frame.LeaseTerms.NONE, files.pack(WORD)));
        settled(HandlerRun.connection(
                connection.listener(), lease.kind(), connection, files.unpack(lease.payload(), Codec.json())));
    }

    private void settled(Settlement settlement) {
        tell(new Frame.Settled(0, settlement.outcome(), 1, settlement.retry(), files.pack(settlement.data())));
    }

    @Override
    public void tell(FromChild frame) {
        frames.clear();
        frames.append(frame);
        if (frame instanceof Frame.Submit submit) {
            tasks.awaitedEnded(received(
                    new Frame.TaskEnded(submit.taskId(), Frame.NO_SLOT, Outcome.DONE, submit.payload(), NOTHING)));
        }
    }

    @Override
    public void tellWithNext(FromChild frame) {
        tell(frame);
    }

    @Override
    public void recall() {}

    /** The same, as it comes over the link. */
    @SuppressWarnings("unchecked") // a frame is read as what was written
    private <F extends ToChild> F received(F frame) {
        frames.clear();
        frames.append(frame);
        return (F) Objects.requireNonNull(FrameCodec.toChild(ByteBuffer.wrap(frames.bytes(), 0, frames.length())));
    }

    private static TaskSpec spec() {
        return TaskSpec.of(Task::data);
    }

    /** Of nothing but slots for tasks. */
    private static Plan plan() {
        var group = new Group(
                NAME,
                Placement.IN_PROCESS,
                1,
                0,
                false,
                List.of(),
                Optional.of(spec()),
                SlotHandler.NONE,
                SlotHandler.NONE);
        return new Plan(List.of(group), List.of(), Settings.DEFAULT, new Hooks() {});
    }

    private final class Answers implements ConnectionHandlers {

        private final boolean asks;

        Answers(boolean asks) {
            this.asks = asks;
        }

        @Override
        public void received(Connection connection, Data message) {
            if (asks) {
                var _ = tasks.await(List.of(Submission.untyped(message, OPTIONS)), Duration.ZERO);
            }
            connection.send(message);
        }
    }

    private enum Anything implements Protocol {
        INSTANCE;

        @Override
        public int input(Buffer buffer) {
            return buffer.length();
        }
    }

    private static final class Silent implements Task.Run {

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean finished(Data result) {
            return false;
        }

        @Override
        public void progressed(Data progress) {}
    }
}
