package dev.shunt.engine.slots;

import dev.shunt.engine.Engine;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.plan.Group;
import dev.shunt.plan.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The slots that one process hosts for one group: a thread each, the queue of leases they share, and an inbox for each
 * slot's own callbacks, timers and outgoing connections. While both wait, a slot takes one of each in turn. A lease is
 * taken by a slot or taken back, never both. Safe for use by any thread; {@link #lock} guards queue, inboxes and the stack of idle slots.
 */
public final class SlotPool implements Slots {

    final ReentrantLock lock = new ReentrantLock();
    final Deque<Leased> queue = new ArrayDeque<>();
    final Deque<SlotRunner> idle = new ArrayDeque<>();
    final List<SlotRunner> runners = new CopyOnWriteArrayList<>();

    /** Those that are no more, and have not ended what they run. */
    final List<SlotRunner> leaving = new CopyOnWriteArrayList<>();

    final Group group;
    final SlotContact contact;
    private final FatalErrors fatal;
    private final AtomicReference<@Nullable Engine> engine = new AtomicReference<>();
    BooleanSupplier slotsMayEnd = () -> false;

    public SlotPool(Group group, List<Slot> slots, SlotContact contact) {
        this(group, slots, contact, new FatalErrors());
    }

    /** @param fatal ends the process if one of its threads dies */
    public SlotPool(Group group, List<Slot> slots, SlotContact contact, FatalErrors fatal) {
        this.group = group;
        this.contact = contact;
        this.fatal = fatal;
        for (var slot : slots) {
            runners.add(new SlotRunner(this, slot, runners.size()));
        }
    }

    @Override
    public CompletableFuture<Void> start(Engine running) {
        engine.set(running);
        return start(runners, running);
    }

    private CompletableFuture<Void> start(List<SlotRunner> those, Engine running) {
        for (var runner : those) {
            var thread =
                    group.virtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
            thread.name("shunt-" + group.name() + "-" + runner.slot.index())
                    .uncaughtExceptionHandler(fatal)
                    .start(() -> runner.run(running));
        }
        return allOf(those, runner -> runner.started);
    }

    private static CompletableFuture<Void> allOf(
            List<SlotRunner> those, Function<SlotRunner, CompletableFuture<Void>> each) {
        return CompletableFuture.allOf(those.stream().map(each).toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<List<Long>> resize(List<Slot> now) {
        var coming = new ArrayList<SlotRunner>();
        var back = new ArrayList<Leased>();
        lock.lock();
        try {
            for (var slot : now.subList(Math.min(now.size(), runners.size()), now.size())) {
                coming.add(new SlotRunner(this, slot, slot.index()));
            }
            runners.addAll(coming);
            while (runners.size() > now.size()) {
                runners.removeLast().leave(back);
            }
        } finally {
            lock.unlock();
        }
        back.forEach(Leased::givenBack);
        return start(coming, Objects.requireNonNull(engine.get()))
                .thenApply(_ -> back.stream().map(Leased::lease).toList());
    }

    @Override
    public void add(Leased lease) {
        addAll(List.of(lease), false);
    }

    /** @param callerTakesOne it is one of these slots, and looks for a lease next */
    public void addAll(List<Leased> leases, boolean callerTakesOne) {
        lock.lock();
        try {
            int toWake = callerTakesOne && queue.isEmpty() ? -1 : 0; // else it takes one that was there before
            for (var lease : leases) {
                if (lease.slot() == Leased.ANY_SLOT) {
                    queue.add(lease);
                    toWake++;
                } else {
                    runners.get(lease.slot()).addOwn(lease);
                }
            }
            for (; toWake > 0 && !idle.isEmpty(); toWake--) {
                idle.pop().wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has an idle slot run something on the calling thread, which stands for its own meanwhile: nothing else of that slot runs
     * then. For an event loop, whose sockets wait for it.
     *
     * @return false if it has not run, because no slot is idle
     */
    public boolean runHere(Leased lease) {
        return runHere(null, lease);
    }

    /** As the other one, on that slot. */
    public boolean runHere(int slot, Leased lease) {
        return runHere(runners.get(slot), lease);
    }

    private boolean runHere(@Nullable SlotRunner wanted, Leased lease) {
        SlotRunner runner;
        lock.lock();
        try {
            if (!queue.isEmpty() || idle.isEmpty() || (wanted != null && !wanted.parked)) {
                return false;
            }
            runner = wanted == null ? idle.pop() : wanted;
            if (wanted != null && !idle.remove(wanted)) {
                return false; // it is lent already
            }
            runner.lent = true;
            runner.taken = lease.lease();
        } finally {
            lock.unlock();
        }
        runner.runOnOtherThread(lease);
        return true;
    }

    @Override
    public List<Long> takeBack(int count) {
        var back = new ArrayList<Leased>();
        lock.lock();
        try {
            for (var each = queue.descendingIterator(); back.size() < count && each.hasNext(); ) {
                var lease = each.next();
                if (!lease.isOwn()) {
                    each.remove();
                    back.add(lease);
                }
            }
            for (var runner : runners) {
                while (back.size() < count && !runner.own.isEmpty()) {
                    back.add(runner.own.removeLast());
                }
            }
        } finally {
            lock.unlock();
        }
        back.forEach(Leased::givenBack);
        return back.stream().map(Leased::lease).toList();
    }

    @Override
    public boolean interrupt(long lease) {
        var back = new ArrayList<Leased>();
        lock.lock();
        try {
            remove(lease, queue, back);
            for (var runner : runners) {
                remove(lease, runner.own, back);
                runner.interrupt(lease);
            }
            leaving.forEach(runner -> runner.interrupt(lease));
        } finally {
            lock.unlock();
        }
        back.forEach(Leased::givenBack);
        return !back.isEmpty();
    }

    private static void remove(long lease, Deque<Leased> from, List<Leased> to) {
        from.removeIf(waiting -> waiting.lease() == lease && !waiting.isOwn() && to.add(waiting));
    }

    @Override
    public Executor slot(int index) {
        return runners.get(index);
    }

    @Override
    public CompletableFuture<Void> stop() {
        return stop(() -> true);
    }

    /** As {@link #stop()}, but a slot that has finished goes on with its inbox as long as this is false. */
    public CompletableFuture<Void> stop(BooleanSupplier mayEnd) {
        lock.lock();
        try {
            slotsMayEnd = mayEnd;
            queue.clear();
            runners.forEach(runner -> runner.own.clear());
        } finally {
            lock.unlock();
        }
        askAgain();
        return CompletableFuture.allOf(allOf(runners, r -> r.stopped), allOf(leaving, r -> r.stopped));
    }

    /** Call when slots that stop may end now. */
    public void askAgain() {
        lock.lock();
        try {
            runners.forEach(SlotRunner::wakeIfWaiting);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void interrupt() {
        runners.forEach(runner -> runner.interruption.interrupt());
        leaving.forEach(runner -> runner.interruption.interrupt());
    }
}
