package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.engine.manager.WorkItem.ConnectionItem;
import dev.shunt.engine.manager.WorkItem.TaskItem;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.SlotTable.SlotState.Running;
import dev.shunt.plan.Group;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of one group, as hosts of its slots. At each place one child serves or, for a while, none; beside it there
 * may be others that leave and still end what they run. Lives on the main loop.
 */
final class GroupChildren implements SlotHost {

    private static final Logger LOG = LoggerFactory.getLogger(GroupChildren.class);

    private final GroupRun run;
    private final Payloads payloads;
    private final List<ChildPlace> places;
    private final Consumer<Child> replace;
    private final EndedTasks endedTasks;

    /** By place. */
    private final Map<Integer, Child> serving = new HashMap<>();

    /** What waits for a child that serves a place, by place. */
    private final Map<Integer, Mailbox> mailboxes = new HashMap<>();

    /** All that serve or leave, by the dispatcher's name for them. */
    private final Map<ChildLoad<WorkItem>, Child> hosts = new HashMap<>();

    /** By serial. */
    private final Map<Long, ChildLoad<WorkItem>> loads = new HashMap<>();

    /** Leases whose payload is on its way to a file: their child has not heard of them yet, so they are taken back here. */
    private final Map<ChildLoad<WorkItem>, SequencedSet<Long>> packing = new HashMap<>();

    /** @param replace starts a successor for a child that serves */
    GroupChildren(GroupRun run, int groupIndex, Payloads payloads, Consumer<Child> replace) {
        this.run = run;
        this.payloads = payloads;
        this.replace = replace;
        this.endedTasks = new EndedTasks(payloads, serving::get);
        Group group = run.group();
        this.places = IntStream.range(0, group.processes())
                .mapToObj(place ->
                        new ChildPlace(group.name(), groupIndex, place, group.slotsOf(place), group.jvmOptions()))
                .toList();
    }

    Group group() {
        return run.group();
    }

    List<ChildPlace> places() {
        return places;
    }

    void ready(Child child) {
        int place = child.place().index();
        serving.put(place, child);
        endedTasks.listens(child);
        endedTasks.served(place);
        var mailbox = mailboxes.remove(place);
        if (mailbox != null) {
            mailbox.empty(message -> tellNow(child, message.line(), message.data(), message.frame()));
        }
        ChildLoad<WorkItem> load = run.childUp(place);
        hosts.put(load, child);
        loads.put(child.serial(), load);
    }

    void leaving(Child child) {
        serving.remove(child.place().index(), child);
        run.childLeaving(load(child));
    }

    /** It leaves, and has not ended what it runs by the deadline; in a moment it is killed. */
    void overdue(Child child) {
        var running = running(child);
        running.values().forEach(lease -> child.send(new Frame.Interrupt(lease.lease())));
        LOG.warn(
                "{} was to leave and has not ended; it is killed in a moment. It still runs: {}",
                child,
                running.isEmpty()
                        ? "nothing, so its stop callbacks"
                        : running.entrySet().stream()
                                .map(entry -> describe(entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining("; ")));
    }

    private String describe(int slot, Running lease) {
        return lease.kind() + " " + lease.subject() + " on slot " + slot + " for " + millis(lease) + " ms";
    }

    /** No successor could be started: it serves on. */
    void notReplaced(Child child) {
        run.dispatcher().notReplaced(load(child));
    }

    /** Those that have leases. */
    List<Child> busy() {
        return hosts.entrySet().stream()
                .filter(host -> !run.dispatcher().isIdle(host.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The child that takes the leases of a place. */
    Optional<Child> serving(int place) {
        return Optional.ofNullable(serving.get(place));
    }

    void down(Child child, String how) {
        serving.remove(child.place().index(), child);
        payloads.discardAll(child.pid());
        endedTasks.down(child);
        ChildLoad<WorkItem> load = loads.remove(child.serial());
        if (load != null) {
            hosts.remove(load);
            packing.remove(load);
            run.childDown(load, child.slotTable()::started, child + " is gone: " + how);
        }
    }

    void settled(Child child, Frame.Settled frame) {
        run.settledInChild(load(child), frame);
    }

    void takenBack(Child child, Frame.TakenBack frame) {
        run.takenBack(load(child), frame.leases());
    }

    void reported(Child child, Frame.Reported frame) {
        if (!run.reportedInChild(load(child), frame)) {
            payloads.discard(frame.payload());
        }
    }

    /** A slot of the child, which may not have started yet, asks for a task. */
    void asks(Child child) {
        endedTasks.listens(child);
    }

    void tell(EndedTask ended) {
        endedTasks.tell(ended);
    }

    /** What is said of a task that still runs is said once, to whoever is there now. */
    void tellNow(Origin.InChild origin, Frame.ToChild frame) {
        endedTasks.listener(origin).ifPresent(child -> child.send(frame));
    }

    /** @param line in which it is said, as in {@link Payloads} */
    void tellNow(Origin.InChild origin, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        endedTasks.listener(origin).ifPresent(child -> tellNow(child, line, data, frame));
    }

    /** To the child that serves a place; if none does, to the one that will. */
    void post(int place, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        serving(place)
                .ifPresentOrElse(
                        child -> tellNow(child, line, data, frame),
                        () -> mailboxes
                                .computeIfAbsent(
                                        place,
                                        _ -> new Mailbox(places.get(place).toString()))
                                .add(new Mailbox.Message(line, data, frame)));
    }

    private void tellNow(Child child, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        payloads.pack(line, data, child.pid()).then(
                payload -> {
                    if (endedTasks.isListening(child)) {
                        child.send(frame.apply(payload));
                    } else {
                        payloads.discard(payload);
                    }
                },
                problem -> LOG.warn("something for {} is not told: {}", child, problem));
    }

    /** Everything that slots of children were told of has been passed on to the program there. */
    boolean haveAcknowledgedAll() {
        return endedTasks.areAcknowledged();
    }

    void acknowledged(Child child, long taskId) {
        endedTasks.acknowledged(child, taskId);
    }

    @Override
    public void lease(ChildLoad<WorkItem> load, long lease, Work<WorkItem> work) {
        Child child = host(load);
        WorkItem item = work.item();
        if (item instanceof ConnectionItem event) {
            DispatchedConnection connection = event.connection();
            if (connection.needsAdoption(child.serial())) {
                child.send(new Frame.Adopt(
                        connection.listenerIndex(), connection.connection().peer()));
            }
            child.send(frame(lease, work, 0, LeaseTerms.NONE, Payload.inline(item.data())));
        } else if (item instanceof TaskItem task) {
            int first = run.group().firstSlotOf(load.place());
            LeaseTerms terms = task.terms(work.slot() < 0 ? -1 : work.slot() - first);
            if (Payloads.isSmall(task.data())) {
                child.send(frame(lease, work, task.source(), terms, Payload.inline(task.data())));
            } else {
                packing.computeIfAbsent(load, _ -> new LinkedHashSet<>()).add(lease);
                payloads.pack(task.data(), child.pid()).then(
                        payload -> {
                            if (endsPacking(load, lease)) {
                                child.send(frame(lease, work, task.source(), terms, payload));
                            } else {
                                payloads.discard(payload);
                            }
                        },
                        problem -> {
                            if (endsPacking(load, lease)) {
                                run.settled(load, lease, Settlement.failed(new IOException(problem)), 0);
                            }
                        });
            }
        }
    }

    /** The lease is no longer on its way to a file; false if it was not, taken back meanwhile or its child gone. */
    private boolean endsPacking(ChildLoad<WorkItem> load, long lease) {
        var leases = packing.get(load);
        return leases != null && leases.remove(lease);
    }

    @Override
    public void takeBack(ChildLoad<WorkItem> load, int count) {
        var back = new ArrayList<Long>();
        var leases = packing.get(load);
        while (leases != null && back.size() < count && !leases.isEmpty()) {
            back.add(leases.removeLast());
        }
        if (!back.isEmpty()) {
            run.loop().execute(() -> run.takenBack(load, back));
        }
        if (back.size() < count) {
            host(load).send(new Frame.TakeBack(count - back.size()));
        }
    }

    @Override
    public void interrupt(ChildLoad<WorkItem> load, long lease) {
        if (endsPacking(load, lease)) {
            run.loop().execute(() -> run.takenBack(load, List.of(lease)));
        } else {
            host(load).send(new Frame.Interrupt(lease));
        }
    }

    @Override
    public boolean replace(ChildLoad<WorkItem> load, String why) {
        Child child = host(load);
        LOG.info("{} is to be replaced: {}", child, why);
        run.loop().execute(() -> replace.accept(child));
        return true;
    }

    @Override
    public long runningNanos(ChildLoad<WorkItem> load, long lease) {
        Child child = host(load);
        if (!child.slotTable().started(lease)) {
            return -1;
        }
        return running(child).values().stream()
                .filter(running -> running.lease() == lease)
                .mapToLong(running -> TimeUnit.MILLISECONDS.toNanos(millis(running)))
                .findFirst()
                .orElse(0); // it has ended, and its settlement is on its way
    }

    /** A child that comes up is given leases before the dispatcher has told its name. */
    private Child host(ChildLoad<WorkItem> load) {
        return hosts.computeIfAbsent(load, coming -> Objects.requireNonNull(serving.get(coming.place())));
    }

    private ChildLoad<WorkItem> load(Child child) {
        return Objects.requireNonNull(loads.get(child.serial()));
    }

    /** What a child's slots run, by the slot of the group. */
    private Map<Integer, Running> running(Child child) {
        int first = run.group().firstSlotOf(child.place().index());
        var running = new TreeMap<Integer, Running>();
        for (int slot = 0; slot < child.slotTable().slots(); slot++) {
            if (child.slotTable().read(slot) instanceof Running lease) {
                running.put(first + slot, lease);
            }
        }
        return running;
    }

    private long millis(Running running) {
        return Math.max(0, run.clock().epochMillis() - running.startedAtEpochMillis());
    }

    private static Frame.Lease frame(long lease, Work<WorkItem> work, int source, LeaseTerms terms, Payload payload) {
        WorkItem item = work.item();
        return new Frame.Lease(lease, item.kind(), item.subject(), work.attempt(), source, terms, payload);
    }
}
