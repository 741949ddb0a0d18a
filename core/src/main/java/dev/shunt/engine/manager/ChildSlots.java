package dev.shunt.engine.manager;

import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.SlotTable.SlotState.Running;
import dev.shunt.log.Log;
import dev.shunt.process.Child;
import dev.shunt.process.Supervisor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One group's slots in children: leases go to them as frames, and what they say of leases comes back. Lives on the main
 * loop.
 */
final class ChildSlots<P extends WorkItem> implements SlotHost<P> {

    private static final Logger LOG = Log.of(ChildSlots.class);

    private final GroupRun<P> run;
    private final Payloads payloads;
    private final IntFunction<@Nullable Child> serving;
    private @Nullable Supervisor supervisor;

    /** All that serve or leave, by the dispatcher's name for them. */
    private final Map<ChildLoad<P>, Child> hosts = new HashMap<>();

    /** By serial. */
    private final Map<Long, ChildLoad<P>> loads = new HashMap<>();

    /** By place: who came up there last, who is nearly always the one that is asked for. */
    private final List<@Nullable Host<P>> last = new ArrayList<>();

    private record Host<P>(ChildLoad<P> load, Child child) {}

    /** Leases whose payload is on its way to a file: their child has not heard of them yet, so they are taken back here. */
    private final Map<ChildLoad<P>, SequencedSet<Long>> packing = new HashMap<>();

    private long horizon;

    /** @param serving the child that serves a place, if one does */
    ChildSlots(GroupRun<P> run, Payloads payloads, IntFunction<@Nullable Child> serving) {
        this.run = run;
        this.payloads = payloads;
        this.serving = serving;
    }

    /** Before any child is up. */
    void supervisedBy(Supervisor keeper) {
        supervisor = keeper;
    }

    private Supervisor supervisor() {
        return Objects.requireNonNull(supervisor);
    }

    /** A child that serves its place already takes leases from now on. */
    void up(Child child) {
        ChildLoad<P> load = run.childUp(child.place().index());
        hosts.put(load, child);
        loads.put(child.serial(), load);
        while (last.size() <= load.place()) {
            last.add(null);
        }
        last.set(load.place(), new Host<>(load, child));
        child.slotTable().horizon(horizon);
    }

    void leaving(Child child) {
        run.childLeaving(load(child));
        endIfUseless(child);
    }

    /** Nothing that it runs will end by itself, or it runs nothing: there is nothing to wait for. */
    private void endIfUseless(Child child) {
        if (child.isLeaving() && run.dispatcher().inside().isStuck(load(child))) {
            LOG.warn("{} leaves, and what it still runs does not end when it is interrupted; it is killed", child);
            supervisor().kill(child, "a handler went on after it was interrupted");
        }
        hurryIfIdle(child);
    }

    /** One that may take its time with what it runs, and runs nothing any more, is to end soon. */
    private void hurryIfIdle(Child child) {
        if (child.isPatient() && run.dispatcher().isIdle(load(child))) {
            supervisor().hurry(child);
        }
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
        return lease.kind() + " " + lease.subject() + " on slot " + slot + " for " + nanos(lease) / 1_000_000 + " ms";
    }

    /** No successor could be started: it serves on. */
    void notReplaced(Child child) {
        run.notReplaced(load(child));
    }

    /** Until when they may run what nodes share. */
    void horizon(long nanos) {
        horizon = nanos;
        hosts.values().forEach(child -> child.slotTable().horizon(nanos));
    }

    /** Those that have leases. */
    List<Child> busy() {
        return hosts.entrySet().stream()
                .filter(host -> !run.dispatcher().isIdle(host.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    void down(Child child, String how) {
        ChildLoad<P> load = loads.remove(child.serial());
        if (load != null) {
            hosts.remove(load);
            Host<P> host = lastAt(load.place());
            if (host != null && host.load.equals(load)) {
                last.set(load.place(), null);
            }
            packing.remove(load);
            run.childDown(load, child.slotTable()::started, child + " is gone: " + how);
        }
    }

    void settled(Child child, Frame.Settled frame) {
        run.settledInChild(load(child), frame, work -> unpack(frame, work));
        endIfUseless(child);
    }

    private void unpack(Frame.Settled frame, @Nullable Work<P> work) {
        if (work == null) {
            payloads.discard(frame.payload());
        } else {
            payloads.unpack(Payloads.ofTask(work.item().subject()), frame.payload())
                    .then(
                            data -> run.ended(work, new Settlement(frame.outcome(), data, frame.retry())),
                            problem -> run.ended(work, Settlement.lost(problem)));
        }
    }

    /** What it settled cannot be dealt with: its work ends with that, unless it has ended. */
    void broke(Child child, Frame.Settled frame, Throwable problem) {
        run.settled(load(child), frame.lease(), Settlement.failed(problem), frame.runNanos());
    }

    void takenBack(Child child, Frame.TakenBack frame) {
        run.takenBack(load(child), frame.leases());
        endIfUseless(child);
    }

    /** The handler of a lease said something and goes on. */
    void reported(Child child, Frame.Reported frame) {
        Work<P> work = run.leased(load(child), frame.lease());
        if (work == null) {
            payloads.discard(frame.payload());
        } else {
            payloads.unpack(Payloads.ofTask(work.item().subject()), frame.payload())
                    .then(
                            data -> run.reported(
                                    work.item(), frame.report(), data, yes -> hold(child, frame.lease(), yes)),
                            problem -> LOG.warn(
                                    "what task {} said is lost: {}", work.item().subject(), problem));
        }
    }

    private static void hold(Child child, long lease, boolean yes) {
        long to = Frame.toLease(lease);
        child.send(yes ? new Frame.Congested(to) : new Frame.Uncongested(to));
    }

    @Override
    public void lease(ChildLoad<P> load, long lease, Work<P> work) {
        Child child = host(load);
        P item = work.item();
        item.introduction(child.serial()).ifPresent(child::send);
        if (item.isInline()) {
            child.send(frame(load, lease, work, payloads.packSmall(item.data(), child.pid())));
            return;
        }
        packing.computeIfAbsent(load, _ -> new LinkedHashSet<>()).add(lease);
        payloads.pack(item.data(), child.pid())
                .then(
                        payload -> {
                            if (endsPacking(load, lease)) {
                                child.send(frame(load, lease, work, payload));
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

    private Frame.Lease frame(ChildLoad<P> load, long lease, Work<P> work, Payload payload) {
        P item = work.item();
        int localSlot = work.slot() < 0 ? -1 : work.slot() - run.group().firstSlotOf(load.place());
        return new Frame.Lease(
                lease, item.kind(), item.subject(), work.attempt(), item.source(), item.terms(localSlot), payload);
    }

    /** The lease is no longer on its way to a file; false if it was not, taken back meanwhile or its child gone. */
    private boolean endsPacking(ChildLoad<P> load, long lease) {
        var leases = packing.get(load);
        return leases != null && leases.remove(lease);
    }

    @Override
    public void takeBack(ChildLoad<P> load, int count) {
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
    public void interrupt(ChildLoad<P> load, long lease) {
        if (endsPacking(load, lease)) {
            run.loop().execute(() -> run.takenBack(load, List.of(lease)));
        } else {
            host(load).send(new Frame.Interrupt(lease));
        }
    }

    @Override
    public boolean replace(ChildLoad<P> load, String why) {
        Child child = host(load);
        LOG.info("{} is to be replaced: {}", child, why);
        run.loop().execute(() -> supervisor().replaceSoon(child));
        return true;
    }

    @Override
    public boolean wornOut(ChildLoad<P> load) {
        Child child = host(load);
        LOG.info("{} has been given as much as it may run; it is to be replaced", child);
        run.loop().execute(() -> supervisor().replaceInTime(child));
        return true;
    }

    @Override
    public void tell(long childSerial, Frame.ToChild frame) {
        ChildLoad<P> load = loads.get(childSerial);
        if (load != null) {
            host(load).send(frame);
        }
    }

    @Override
    public long runningNanos(ChildLoad<P> load, long lease) {
        Child child = host(load);
        if (!child.slotTable().started(lease)) {
            return -1;
        }
        return running(child).values().stream()
                .filter(running -> running.lease() == lease)
                .mapToLong(running -> nanos(running))
                .findFirst()
                .orElse(0); // it has ended, and its settlement is on its way
    }

    @Override
    public void running(Consumer<RunningWork<P>> each) {
        hosts.forEach((load, child) -> running(child).forEach((slot, lease) -> {
            Work<P> work = run.leased(load, lease.lease());
            if (work != null) { // else it has just ended
                each.accept(new RunningWork<>(work, slot, child.pid(), lease.attempt(), nanos(lease)));
            }
        }));
    }

    /** How many of a child's slots run something. */
    int busy(Child child) {
        return running(child).size();
    }

    /** A child that comes up is given leases before the dispatcher has told its name. */
    @SuppressWarnings("ReferenceEquality") // of names
    private Child host(ChildLoad<P> load) {
        Host<P> host = lastAt(load.place());
        return host != null && host.load == load
                ? host.child
                : hosts.computeIfAbsent(load, coming -> Objects.requireNonNull(serving.apply(coming.place())));
    }

    @SuppressWarnings("ReferenceEquality") // a child is equal to itself alone
    private ChildLoad<P> load(Child child) {
        Host<P> host = lastAt(child.place().index());
        return host != null && host.child == child ? host.load : Objects.requireNonNull(loads.get(child.serial()));
    }

    private @Nullable Host<P> lastAt(int place) {
        return place < last.size() ? last.get(place) : null;
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

    private long nanos(Running running) {
        return Math.max(0, run.clock().nanoTime() - running.startedAtNanos());
    }
}
