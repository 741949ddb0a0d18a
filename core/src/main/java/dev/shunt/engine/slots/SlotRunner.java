package dev.shunt.engine.slots;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.ProgramCode;
import dev.shunt.engine.slots.Slots.Leased;
import dev.shunt.log.Log;
import dev.shunt.plan.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One slot of a {@link SlotPool}: its thread, which takes leases from the pool's queue and what is its own from its inbox. What
 * changes in it is guarded by the pool's lock.
 */
final class SlotRunner implements WaitingSlot {

    private static final Logger LOG = Log.of(SlotRunner.class);

    private final SlotPool pool;
    final Slot slot;
    final int index;
    private final Condition woken;
    final Deque<Runnable> inbox = new ArrayDeque<>();
    final CompletableFuture<Void> started = new CompletableFuture<>();
    final CompletableFuture<Void> stopped = new CompletableFuture<>();
    final Deque<Leased> own = new ArrayDeque<>();

    @Nullable Thread thread;
    /** Whom its thread works for, once that runs. */
    @Nullable CurrentEngine current;

    boolean parked;
    /** Another thread stands for its own, which stays parked. */
    boolean lent;

    boolean reading;
    boolean waiting;

    /** It is no more: it ends what it has begun. */
    boolean leaves;

    /** It takes nothing any more; another stands for it. */
    private boolean gone;

    /** What ran last came from its inbox: if a lease waits, it is next. */
    private boolean ranOwn;

    long taken;
    final Interruption interruption = new Interruption();

    SlotRunner(SlotPool pool, Slot slot, int index) {
        this.pool = pool;
        this.woken = pool.lock.newCondition();
        this.slot = slot;
        this.index = index;
    }

    @Override
    public void execute(Runnable command) {
        pool.lock.lock();
        try {
            if (gone) {
                pool.runners.get(index % pool.runners.size()).execute(command);
                return;
            }
            inbox.add(command);
            wakeIfWaiting();
        } finally {
            pool.lock.unlock();
        }
    }

    /** With the lock held. */
    void leave(List<Leased> back) {
        leaves = true;
        back.addAll(own);
        own.clear();
        pool.leaving.add(this);
        wakeIfWaiting();
    }

    /** With the lock held. */
    void interrupt(long lease) {
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
        return leaves || pool.slotsMayEnd.getAsBoolean();
    }

    /** With the lock held. */
    void addOwn(Leased lease) {
        own.add(lease);
        wakeIfWaiting();
    }

    void wakeIfWaiting() {
        if (lent) {
            woken.signalAll(); // who stands for it may wait; else it is looked at when that has ended
        } else if (parked) {
            pool.idle.remove(this);
            wake();
        } else if (waiting) {
            woken.signal();
        } else if (reading && !Thread.currentThread().equals(thread)) {
            pool.contact.wakeUp();
        }
    }

    void run(Engine engine) {
        thread = Thread.currentThread();
        current = new CurrentEngine(engine, slot, this, true);
        CurrentEngine.set(current);
        try {
            pool.group.onStart().on(slot);
            started.complete(null);
        } catch (Throwable e) { // the program's own code; whatever it throws is why the slot cannot start
            started.completeExceptionally(e);
        }
        try {
            while (step()) {}
            guarded(() -> pool.group.onStop().on(slot));
            pool.contact.flush();
        } catch (Throwable e) { // not the program's code, which is guarded
            LOG.error("slot {} of group {} has ended for want of a way to go on", slot.index(), pool.group.name(), e);
        } finally {
            pool.leaving.remove(this);
            stopped.complete(null);
        }
    }

    /** Does one thing; waits for it; false when there will be none. */
    private boolean step() {
        boolean flushed = false;
        boolean hasRead = true;
        Runnable callback;
        Leased lease = null;
        pool.lock.lock();
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
                    pool.lock.unlock();
                    try {
                        pool.contact.flush();
                    } finally {
                        pool.lock.lock();
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
            pool.lock.unlock();
        }
        if (!flushed) {
            pool.contact.flushSoon();
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
        return !leaves && (!own.isEmpty() || !pool.queue.isEmpty());
    }

    /** A callback may be what it waits for. */
    @Override
    public void await(CompletableFuture<?> done) throws InterruptedException {
        var _ = done.whenComplete((_, _) -> execute(() -> {}));
        pool.contact.recall();
        while (!done.isDone()) {
            pool.contact.flushSoon(); // by another thread: this one may be interrupted
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
        pool.lock.lock();
        try {
            waiting = true;
            while (inbox.isEmpty() && !done.isDone()) {
                woken.await();
            }
            return inbox.poll();
        } finally {
            waiting = false;
            pool.lock.unlock();
        }
    }

    private @Nullable Leased nextLease() {
        if (own.isEmpty()) {
            return leaves ? null : pool.queue.poll();
        }
        leaveQueueToOthers();
        return own.poll();
    }

    /** This slot does something else first, though it may be the one for which a lease was left. */
    private void leaveQueueToOthers() {
        if (!pool.queue.isEmpty() && !pool.idle.isEmpty()) {
            pool.idle.pop().wake();
        }
    }

    /** With the lock held, but not while it waits. */
    private boolean read() {
        reading = true;
        pool.lock.unlock();
        try {
            return pool.contact.read(this::hasNothingElse);
        } finally {
            pool.lock.lock();
            reading = false;
        }
    }

    private boolean hasNothingElse() {
        pool.lock.lock();
        try {
            return inbox.isEmpty() && own.isEmpty() && pool.queue.isEmpty() && !pool.slotsMayEnd.getAsBoolean();
        } finally {
            pool.lock.unlock();
        }
    }

    private void park() {
        parked = true;
        pool.idle.push(this);
        while (parked) {
            woken.awaitUninterruptibly();
        }
    }

    /** On the thread that stands for its own. */
    void runOnOtherThread(Leased lease) {
        var before = CurrentEngine.orNull(); // a handler on this thread may have caused this one
        CurrentEngine.set(Objects.requireNonNull(current));
        try {
            guarded(() -> lease.run(index, interruption));
        } finally {
            if (before != null) {
                CurrentEngine.set(before);
            }
            Thread.interrupted(); // a flag that a handler left set would cut the next thing short
            pool.lock.lock();
            try {
                lent = false;
                if (inbox.isEmpty() && !leaseWaits() && !leaves && !pool.slotsMayEnd.getAsBoolean()) {
                    pool.idle.push(this);
                } else {
                    wake();
                }
            } finally {
                pool.lock.unlock();
            }
        }
        pool.contact.flushSoon();
    }

    /** With the lock held, and no longer among the idle. */
    void wake() {
        parked = false;
        woken.signal();
    }

    private void guarded(ProgramCode code) {
        try {
            code.run();
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("a callback on slot {} of group {} threw", slot.index(), pool.group.name(), e);
        }
    }
}
