package dev.shunt.engine;

import dev.shunt.log.Log;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The callbacks of one slot's {@link SlotFuture}s, in their order. The slot runs each in its turn, or while it waits for one
 * of these futures, whose value may depend on them. Safe for use by any thread.
 */
public final class SlotCallbacks {

    static final long FOR_EVER = Long.MAX_VALUE;

    private static final Logger LOG = Log.of(SlotCallbacks.class);

    /** After which somebody looks whether the slot waits for what only its callbacks can bring. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private static final String WAIT_OF_FUTURES = CompletableFuture.class.getName();

    private final Executor slot;
    private final Engine engine;
    private final Queue<Callback> waiting = new ConcurrentLinkedQueue<>();

    /** One of those that wait, while it is looked after. */
    private final AtomicReference<@Nullable Callback> watched = new AtomicReference<>();

    /** The slot's thread, if it may wait. */
    private final @Nullable Thread thread;

    /** The slot's thread, while it runs a callback. */
    private volatile @Nullable Thread running;

    /** The slot's thread, while it waits for a future. */
    private volatile @Nullable Thread sleeper;

    /** Of no thread of its own. */
    public SlotCallbacks(Executor slot, Engine engine) {
        this(slot, engine, null);
    }

    /**
     * @param engine asked before a thread waits
     * @param thread the slot's, if it may wait
     */
    SlotCallbacks(Executor slot, Engine engine, @Nullable Thread thread) {
        this.slot = slot;
        this.engine = engine;
        this.thread = thread;
    }

    /** @param subject what it is a callback of */
    void execute(Object subject, Runnable callback) {
        if (slot instanceof OnLoop onLoop && onLoop.loop().inLoop()) {
            onLoop.run(new Callback(subject, callback));
        } else if (Thread.currentThread().equals(running)) {
            callback.run(); // what follows from a callback is part of it
        } else {
            var next = new Callback(subject, callback);
            waiting.add(next);
            if (thread != null && watched.get() == null) {
                watch(thread, next);
            }
            slot.execute(new Callback(subject, this::runNext));
            LockSupport.unpark(sleeper);
        }
    }

    private void watch(Thread ofSlot, Callback callback) {
        if (watched.compareAndSet(null, callback)) {
            LATER.execute(() -> look(ofSlot, callback));
        }
    }

    /** A plain future that depends on a callback cannot let the slot run it, as one of ours does. */
    private void look(Thread ofSlot, Callback callback) {
        watched.set(null);
        var blocker = LockSupport.getBlocker(ofSlot);
        boolean waits = blocker != null && blocker.getClass().getName().startsWith(WAIT_OF_FUTURES);
        if (waits && waiting.contains(callback)) {
            var where = new IllegalStateException("waits here");
            where.setStackTrace(ofSlot.getStackTrace());
            LOG.warn(
                    "{} waits in a CompletableFuture, and a callback of {} has waited for a second for this slot: if the one"
                            + " depends on the other, as one of CompletableFuture.allOf does, neither ever ends. Join the"
                            + " stages themselves, or submitAll(...).results()",
                    ofSlot.getName(),
                    callback.subject(),
                    where);
            return;
        }
        var next = waiting.peek();
        if (next != null) {
            watch(ofSlot, next);
        }
    }

    /** False if there is none: whoever waited has run it. */
    private boolean runNext() {
        Runnable next = waiting.poll();
        if (next == null) {
            return false;
        }
        Thread before = running;
        running = Thread.currentThread();
        try {
            next.run();
        } finally {
            running = Thread.currentThread().equals(before) ? before : null; // an executor may have several threads
        }
        return true;
    }

    /**
     * Until a future is done, as long as the caller is a thread of this slot, which runs its callbacks meanwhile; any other
     * is left to wait by itself.
     *
     * @return false if the time is over
     * @throws IllegalStateException on an event loop
     */
    boolean await(SlotFuture<?> future, long nanos) throws InterruptedException {
        CurrentEngine.refuseToWait("waiting for " + future.subject());
        boolean own = isOwn();
        var limit = own ? limit(nanos) : null;
        var _ = own ? future.whenDone(this::wake) : null;
        while (!future.isDone()) {
            boolean letTimePass = engine.letOthersRun(() -> future.isDone() || (own && !waiting.isEmpty()), nanos);
            if (own && runNext()) {
                continue;
            }
            if (!letTimePass && !own) {
                return true;
            }
            if (!future.isDone() && (letTimePass || (limit != null && limit.isDone()))) {
                return false;
            }
            sleep(future);
        }
        return true;
    }

    private void sleep(SlotFuture<?> future) throws InterruptedException {
        sleeper = Thread.currentThread();
        if (waiting.isEmpty() && !future.isDone()) {
            LockSupport.park(this);
        }
        sleeper = null;
        if (Thread.interrupted()) {
            throw new InterruptedException("while it waited for " + future.subject());
        }
    }

    private @Nullable CompletableFuture<@Nullable Void> limit(long nanos) {
        if (nanos == FOR_EVER) {
            return null;
        }
        var limit = new CompletableFuture<@Nullable Void>().completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
        var _ = limit.thenRun(this::wake);
        return limit;
    }

    private void wake() {
        LockSupport.unpark(sleeper);
    }

    private boolean isOwn() {
        CurrentEngine current = CurrentEngine.orNull();
        return current != null && equals(current.callbacks());
    }
}
