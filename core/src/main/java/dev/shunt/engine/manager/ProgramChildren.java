package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.engine.manager.WorkItem.TaskItem;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Payload;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import dev.shunt.process.ChildProgram;
import dev.shunt.process.LaunchCommand;
import dev.shunt.process.RestartPolicy;
import dev.shunt.process.Supervisor;
import dev.shunt.process.SupervisorEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All children of the program: hears from the supervisor how they fare, and does what they ask for. Lives on the main loop.
 */
final class ProgramChildren implements SupervisorEvents, Callers.ToChild {

    /** The log gives numbers slowly. */
    private static final Duration TASK_IDS_AGAIN = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(ProgramChildren.class);

    private final ManagerProcess manager;
    private final Map<Integer, GroupChildren> byGroup;
    private final Set<ChildPlace> starting;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final LongAdder replaced = new LongAdder();
    private final Set<Long> retiring = new HashSet<>();

    /** The children, by serial, that have been told to send no more to a connection. */
    private final Map<Long, Map<Long, Child>> congested = new HashMap<>();

    private final Reload reload = new Reload(this::servingSerial, this::replace);
    private @Nullable Supervisor supervisor;

    /** @param byGroup the children of each group that has some, by the group's index in the plan */
    ProgramChildren(ManagerProcess manager, Map<Integer, GroupChildren> byGroup) {
        this.manager = manager;
        this.byGroup = new LinkedHashMap<>(byGroup);
        this.starting = byGroup.values().stream()
                .flatMap(children -> children.places().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Opens the socket that children call; waits, so not on the main loop. */
    void listen(Network network) throws IOException {
        if (starting.isEmpty()) {
            return;
        }
        var plan = manager.plan();
        var program = new ChildProgram(
                command(),
                List.copyOf(starting),
                plan.shape().toString(),
                RestartPolicy.DEFAULT,
                plan.settings().stopDeadline(),
                ChildProgram.DEFAULT_SILENCE);
        var directory = manager.directory();
        var keeper = new Supervisor(
                program, directory, manager.clock(), network.loop(0).executor(), this, manager.numbers());
        manager.connections().whenUncongested(id -> network.loop(0).execute(() -> uncongested(id)));
        network.listenLinks(directory.socket(), network.loop(0), keeper.links());
        supervisor = keeper;
    }

    /** Done when every place has a child that is ready; failed if one cannot be started. */
    CompletableFuture<Void> start() {
        if (supervisor == null) {
            started.complete(null);
        } else {
            supervisor.start();
        }
        return started;
    }

    /** The program is stopping: a child that dies has no successor. */
    void replaceNoMore() {
        if (supervisor != null) {
            supervisor.replaceNoMore();
        }
    }

    /** Ends all children, by force after the deadline; done when all are gone. */
    CompletableFuture<@Nullable Void> stop(Duration deadline) {
        return supervisor == null
                ? CompletableFuture.completedFuture(null)
                : supervisor.stopAll(deadline).toCompletableFuture();
    }

    /** Ends the children that still run something; what they ran is lost and told of when they are down. */
    void killBusy() {
        byGroup.values().stream().flatMap(children -> children.busy().stream()).forEach(child -> {
            if (supervisor != null) {
                supervisor.kill(child, "it had not ended what it ran by the deadline of the stop");
            }
        });
    }

    /** Ends all children now; done when all are gone. */
    CompletableFuture<@Nullable Void> kill() {
        return supervisor == null
                ? CompletableFuture.completedFuture(null)
                : supervisor.killAll().toCompletableFuture();
    }

    private LaunchCommand command() {
        return manager.plan()
                .settings()
                .childMain()
                .map(main -> LaunchCommand.ofMainClass(main))
                .orElseGet(LaunchCommand::ofThisJvm);
    }

    boolean haveAcknowledgedAll() {
        return byGroup.values().stream().allMatch(GroupChildren::haveAcknowledgedAll);
    }

    long replaced() {
        return replaced.sum();
    }

    /** Replaces a child, if it serves: it leaves as soon as a successor is ready. */
    void replace(Child child) {
        if (supervisor != null) {
            supervisor.replace(child);
        }
    }

    /** Replaces the children of all groups, or of those of which this is true; see {@link Reload}. */
    void reload(Predicate<Group> which) {
        if (supervisor != null) {
            var places = byGroup.values().stream()
                    .filter(children -> which.test(children.group()))
                    .flatMap(children -> children.places().stream())
                    .toList();
            reload.begin(places, supervisor.lastSerial());
        }
    }

    @Override
    public void ready(Child child) {
        of(child).ready(child);
        reload.proceed();
        starting.remove(child.place());
        if (starting.isEmpty()) {
            started.complete(null);
        }
    }

    @Override
    public void retiring(Child child) {
        retiring.add(child.serial());
        of(child).leaving(child);
    }

    @Override
    public void overdue(Child child) {
        of(child).overdue(child);
    }

    @Override
    public void notReplaced(Child child, String reason) {
        of(child).notReplaced(child);
        reload.notReplaced(child.serial());
    }

    /** The supervisor has logged it, and says {@link #startFailed} if the program has never run. */
    @Override
    public void shapeDiffers(ChildPlace place, String diff) {}

    @Override
    public void down(Child child, String how) {
        of(child).down(child, how);
        if (!manager.isStopping() && !retiring.remove(child.serial())) {
            replaced.increment();
            var place = child.place();
            var exit = new ChildExit(place.group(), place.index(), child.pid(), how);
            manager.managerSlot().execute(() -> manager.plan().hooks().childExited(exit));
        }
        reload.gone(child.serial());
        manager.workEnded();
    }

    @Override
    public void startFailed(ChildPlace place, String reason) {
        started.completeExceptionally(new IllegalStateException(reason));
    }

    @Override
    public void received(Child child, FromChild.Work frame) {
        switch (frame) {
            case Frame.Settled settled -> of(child).settled(child, settled);
            case Frame.TakenBack back -> of(child).takenBack(child, back);
            case Frame.Submit submit -> submit(child, submit);
            case Frame.Send send -> send(child, send);
            case Frame.Reported reported -> of(child).reported(child, reported);
            case Frame.Cancel cancel -> manager.tasks().cancelFromChild(child.serial(), cancel.taskId());
            case Frame.Withdraw withdraw -> manager.tasks().withdrawFromChild(child.serial(), withdraw.taskId());
            case Frame.Post post -> post(post);
            case Frame.Acknowledged acknowledged -> {
                of(child).acknowledged(child, acknowledged.taskId());
                manager.workEnded();
            }
            case Frame.Close close -> manager.connections().close(close.connectionId());
            case Frame.AskTaskIds _ -> giveTaskIds(child);
            case Frame.AskStats ask ->
                child.send(new Frame.Stats(ask.question(), Payload.inline(Data.of(manager.stats()))));
            case Frame.Reload reloading -> manager.reload(reloading.tasksOnly());
            case Frame.Shutdown _ -> manager.shutdown();
        }
    }

    @Override
    public void tell(EndedTask ended) {
        at(ended.origin()).tell(ended);
    }

    @Override
    public void tell(Origin.InChild origin, Frame.ToChild frame) {
        at(origin).tellNow(origin, frame);
    }

    @Override
    public void progressed(Origin.InChild origin, TaskItem task, Data data) {
        at(origin)
                .tellNow(
                        origin,
                        Payloads.ofTask(task.id()),
                        data,
                        payload -> new Frame.TaskProgressed(task.id(), origin.slot(), payload));
    }

    /** Something for a slot of a child, from the slot of that id. */
    void post(int group, int slot, int source, Data message) {
        GroupChildren children = Objects.requireNonNull(byGroup.get(group));
        Group hosts = manager.plan().groups().get(group);
        int child = hosts.childOf(slot);
        children.post(
                child,
                Payloads.toSlot(manager.plan().slot(hosts, slot).id()),
                message,
                payload -> new Frame.Posted(slot - hosts.firstSlotOf(child), source, payload));
    }

    private void post(Frame.Post post) {
        manager.payloads()
                .unpack(Payloads.toSlot(post.slotId()), post.payload())
                .then(
                        data -> manager.post(manager.plan().slot(post.slotId()), post.source(), data),
                        problem -> LOG.warn("a message for worker {} is lost: {}", post.slotId(), problem));
    }

    private GroupChildren at(Origin.InChild origin) {
        return Objects.requireNonNull(byGroup.get(origin.group()));
    }

    private void submit(Child child, Frame.Submit submit) {
        of(child).asks(child);
        var place = child.place();
        Group group = manager.plan().groups().get(place.groupIndex());
        int slot = group.firstSlotOf(place.index()) + Math.max(0, submit.slot());
        manager.tasks()
                .submitFromChild(
                        submit,
                        manager.plan().slot(group, slot).id(),
                        new Origin.InChild(
                                place.groupIndex(), place.index(), child.serial(), submit.slot(), submit.interest()));
    }

    private void giveTaskIds(Child child) {
        try {
            child.send(new Frame.TaskIds(manager.numbers().next()));
        } catch (IOException e) {
            manager.later(() -> giveTaskIds(child), TASK_IDS_AGAIN);
        }
    }

    private void send(Child child, Frame.Send send) {
        SocketConnection connection = manager.connections().get(send.connectionId());
        if (connection == null) {
            return; // it has closed, and the child hears of that if it handles it
        }
        Data data = ((Payload.Inline) send.payload()).data(Codec.json());
        try {
            if (connection.sendOrKeep(send.encoded() ? data : connection.encoded(data))) {
                congested(connection.id(), child);
            }
        } catch (RuntimeException e) { // the program's own protocol
            LOG.error("what child {} sent to {} cannot be encoded, and is dropped", child.pid(), connection, e);
        }
    }

    private void congested(long connection, Child child) {
        if (congested.computeIfAbsent(connection, _ -> new HashMap<>()).put(child.serial(), child) == null) {
            child.send(new Frame.Congested(connection));
        }
    }

    private void uncongested(long connection) {
        var told = congested.remove(connection);
        if (told != null) {
            told.values().forEach(child -> child.send(new Frame.Uncongested(connection)));
        }
    }

    private GroupChildren of(Child child) {
        return at(child.place());
    }

    private GroupChildren at(ChildPlace place) {
        return Objects.requireNonNull(byGroup.get(place.groupIndex()));
    }

    private OptionalLong servingSerial(ChildPlace place) {
        return at(place).serving(place.index()).stream()
                .mapToLong(Child::serial)
                .findFirst();
    }

    private void replace(ChildPlace place) {
        at(place).serving(place.index()).ifPresent(this::replace);
    }
}
