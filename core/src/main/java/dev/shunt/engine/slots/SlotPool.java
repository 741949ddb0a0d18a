package dev.shunt.engine.slots;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.ProgramCode;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The slots that one process hosts for one group: a thread each, the queue of leases they share, and an inbox for each
 * slot's own callbacks, timers and outgoing connections. While both wait, a slot takes one of each in turn. A lease is
 * taken by a slot or taken back, never both. Safe for use by any thread; {@link #lock} guards queue, inboxes and the stack of idle slots.
 */
public final class SlotPool implements Slots {

    private static final Logger LOG = Log.of(SlotPool.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Leased> queue = new ArrayDeque<>();
    private final Deque<SlotRunner> idle = new ArrayDeque<>();
    private final List<SlotRunner> runners = new CopyOnWriteArrayList<>();

    /** Those that are no more, and have not ended what they run. */
    private final List<SlotRunner> leaving = new CopyOnWriteArrayList<>();

    private final Group group;
    private final SlotContact contact;
    private final FatalErrors fatal;
    private final AtomicReference<@Nullable Engine> engine = new AtomicReference<>();
    private BooleanSupplier slotsMayEnd = () -> false;

    public SlotPool(Group group, List<Slot> slots, SlotContact contact) {
        this(group, slots, contact, new FatalErrors());
    }

    /** @param fatal ends the process if one of its threads dies */
    public SlotPool(Group group, List<Slot> slots, SlotContact contact, FatalErrors fatal) {
        this.group = group;
        this.contact = contact;
        this.fatal = fatal;
        for (var slot : slots) {
            runners.add(new SlotRunner(slot, runners.size()));
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
                coming.add(new SlotRunner(slot, slot.index()));
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
            if (!queue.isEmpty() || idle.isEmpty() || (wanted != null && !wanted.parked) ) {
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
        from.removeIf(waiting -> waiting.lease() == lease && to.add(waiting));
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

    private final class SlotRunner implements WaitingSlot {

        private final Slot slot;
        private final int index;
        private final Condition woken = lock.newCondition();
        private final Deque<Runnable> inbox = new ArrayDeque<>();
        private final CompletableFuture<Void> started = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final Deque<Leased> own = new ArrayDeque<>();
        private @Nullable Thread thread;
        /** Whom its thread works for, once that runs. */
        private @Nullable CurrentEngine current;

        private boolean parked;
        /** Another thread stands for its own, which stays parked. */
        private boolean lent;

        private boolean reading;
        private boolean waiting;

        /** It is no more: it ends what it has begun. */
        private boolean leaves;

        /** It takes nothing any more; another stands for it. */
        private boolean gone;

        /** What ran last came from its inbox: if a lease waits, it is next. */
        private boolean ranOwn;

        private long taken;
        private final Interruption interruption = new Interruption();

        SlotRunner(Slot slot, int index) {
            this.slot = slot;
            this.index = index;
        }

        @Override
        public void execute(Runnable command) {
            lock.lock();
            try {
                if (gone) {
                    runners.get(index % runners.size()).execute(command);
                    return;
                }
                inbox.add(command);
                wakeIfWaiting();
            } finally {
                lock.unlock();
            }
        }

        /** With the lock held. */
        private void leave(List<Leased> back) {
            leaves = true;
            back.addAll(own);
            own.clear();
            leaving.add(this);
            wakeIfWaiting();
        }

        /** With the lock held. */
        private void interrupt(long lease) {
            if (taken == lease) {
                interruption.interrupt(lease);
            }
        }

        /** With the lock held: the one for which a lease was left may be this one. */
        private boolean mayEnd() {
            if (leaves) {
                gone = true;
                leaveQueueToOthers();
            }
            return leaves || slotsMayEnd.getAsBoolean();
        }

        /** With the lock held. */
        private void addOwn(Leased lease) {
            own.add(lease);
            wakeIfWaiting();
        }

        private void wakeIfWaiting() {
            if (lent) {
                woken.signalAll(); // who stands for it may wait; else it is looked at when that has ended
            } else if (parked) {
                idle.remove(this);
                wake();
            } else if (waiting) {
                woken.signal();
            } else if (reading && !Thread.currentThread().equals(thread)) {
                contact.wakeUp();
            }
        }

        private void run(Engine engine) {
            thread = Thread.currentThread();
            current = new CurrentEngine(engine, slot, this, true);
            CurrentEngine.set(current);
            try {
                group.onStart().on(slot);
                started.complete(null);
            } catch (Throwable e) { // the program's own code; whatever it throws is why the slot cannot start
                started.completeExceptionally(e);
            }
            try {
                while (step()) {}
                guarded(() -> group.onStop().on(slot));
                contact.flush();
            } catch (Throwable e) { // not the program's code, which is guarded
                LOG.error("slot {} of group {} has ended for want of a way to go on", slot.index(), group.name(), e);
            } finally {
                leaving.remove(this);
                stopped.complete(null);
            }
        }

        /** Does one thing; waits for it; false when there will be none. */
        private boolean step() {
            boolean flushed = false;
            boolean hasRead = true;
            Runnable callback;
            Leased lease = null;
            lock.lock();
            try {
                while (true) {
                    callback = ranOwn && leaseWaits() ? null : inbox.poll();
                    ranOwn = callback != null;
                    if (callback != null) {
                        leaveQueueToOthers();
                        break;
                    }
                    lease = nextLease();
                    if (lease != null) {
                        taken = lease.lease();
                        break;
                    }
                    if (!flushed) {
                        flushed = true;
                        lock.unlock();
                        try {
                            contact.flush();
                        } finally {
                            lock.lock();
                        }
                    } else if (mayEnd()) {
                        return false;
                    } else if (hasRead) {
                        hasRead = read();
                    } else {
                        park();
                        hasRead = true;
                    }
                }
            } finally {
                lock.unlock();
            }
            if (!flushed) {
                contact.flushSoon();
            }
            if (callback != null) {
                guarded(callback::run);
            } else if (lease != null) {
                Leased leased = lease;
                guarded(() -> leased.run(index, interruption));
            }
            Thread.interrupted(); // a flag that a handler left set would cut the next thing short
            return true;
        }

        private boolean leaseWaits() {
            return !leaves && (!own.isEmpty() || !queue.isEmpty());
        }

        /** A callback may be what it waits for. */
        @Override
        public void await(CompletableFuture<?> done) throws InterruptedException {
            var _ = done.whenComplete((_, _) -> execute(() -> {}));
            contact.recall();
            while (!done.isDone()) {
                contact.flushSoon(); // by another thread: this one may be interrupted
                Runnable callback = awaitCallback(done);
                if (callback != null) {
                    interruption.pause();
                    try {
                        guarded(callback::run);
                    } finally {
                        Thread.interrupted(); // a flag that a callback left set
                        interruption.resume();
                    }
                }
            }
        }

        private @Nullable Runnable awaitCallback(CompletableFuture<?> done) throws InterruptedException {
            lock.lock();
            try {
                waiting = true;
                while (inbox.isEmpty() && !done.isDone()) {
                    woken.await();
                }
                return inbox.poll();
            } finally {
                waiting = false;
                lock.unlock();
            }
        }

        private @Nullable Leased nextLease() {
            if (own.isEmpty()) {
                return leaves ? null : queue.poll();
            }
            leaveQueueToOthers();
            return own.poll();
        }

        /** This slot does something else first, though it may be the one for which a lease was left. */
        private void leaveQueueToOthers() {
            if (!queue.isEmpty() && !idle.isEmpty()) {
                idle.pop().wake();
            }
        }

        /** With the lock held, but not while it waits. */
        private boolean read() {
            reading = true;
            lock.unlock();
            try {
                return contact.read(this::hasNothingElse);
            } finally {
                lock.lock();
                reading = false;
            }
        }

        private boolean hasNothingElse() {
            lock.lock();
            try {
                return inbox.isEmpty() && own.isEmpty() && queue.isEmpty() && !slotsMayEnd.getAsBoolean();
            } finally {
                lock.unlock();
            }
        }

        private void park() {
            parked = true;
            idle.push(this);
            while (parked) {
                woken.awaitUninterruptibly();
            }
        }

        /** On the thread that stands for its own. */
        private void runOnOtherThread(Leased lease) {
            CurrentEngine.set(Objects.requireNonNull(current));
            try {
                guarded(() -> lease.run(index, interruption));
            } finally {
                Thread.interrupted(); // a flag that a handler left set would cut the next thing short
                lock.lock();
                try {
                    lent = false;
                    if (inbox.isEmpty() && !leaseWaits() && !slotsMayEnd.getAsBoolean()) {
                        idle.push(this);
                    } else {
                        wake();
                    }
                } finally {
                    lock.unlock();
                }
            }
            contact.flushSoon();
        }

        /** With the lock held, and no longer among the idle. */
        private void wake() {
            parked = false;
            woken.signal();
        }

        private void guarded(ProgramCode code) {
            try {
                code.run();
            } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
                LOG.error("a callback on slot {} of group {} threw", slot.index(), group.name(), e);
            }
        }
    }
}
