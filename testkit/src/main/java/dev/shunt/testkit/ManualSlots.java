package dev.shunt.testkit;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Slots;
import dev.shunt.engine.slots.WaitingSlot;
import dev.shunt.plan.Group;
import dev.shunt.plan.Slot;
import dev.shunt.plan.SlotHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Slots without threads: they run on that of whoever steps them. A handler that steps them itself runs what others may. */
final class ManualSlots implements Slots {

    private final class ManualSlot implements WaitingSlot {

        private final Slot slot;
        private final int index;
        private final Interruption interruption = new Interruption();
        private final Deque<Runnable> inbox = new ArrayDeque<>();
        private @Nullable Leased running;

        /** Something runs on it, be it no lease. */
        private boolean busy;

        /** What runs on it waits, and its own things may run meanwhile. */
        private boolean waiting;

        ManualSlot(Slot slot, int index) {
            this.slot = slot;
            this.index = index;
        }

        @Override
        public void execute(Runnable command) {
            inbox.add(command);
        }

        boolean runOwn() {
            Runnable next = busy && !waiting ? null : inbox.poll();
            if (next != null) {
                on(next);
            }
            return next != null;
        }

        void run(Leased lease) {
            running = lease;
            try {
                on(() -> lease.run(index, interruption));
            } finally {
                running = null;
            }
        }

        private void on(Runnable action) {
            boolean wasBusy = busy;
            boolean wasWaiting = waiting;
            busy = true;
            waiting = false;
            try {
                Threads.as(new CurrentEngine(Objects.requireNonNull(engine), slot, this, true), action);
            } finally {
                busy = wasBusy;
                waiting = wasWaiting;
            }
        }

        @Override
        public void await(CompletableFuture<?> done) throws InterruptedException {
            waiting = true;
            try {
                world.until(done, interruption::isWanted);
            } finally {
                waiting = false;
            }
            if (Thread.interrupted() || !done.isDone()) {
                throw new InterruptedException();
            }
        }
    }

    /** Steps all else while a handler waits. */
    interface World {

        /** Returns when it is done, or so. */
        void until(CompletableFuture<?> done, BooleanSupplier orSo);
    }

    private final Group group;
    private final World world;
    private final List<ManualSlot> slots = new ArrayList<>();
    private final Deque<Leased> queue = new ArrayDeque<>();
    private @Nullable Engine engine;

    ManualSlots(Group group, List<Slot> places, World world) {
        this.group = group;
        this.world = world;
        for (var slot : places) {
            slots.add(new ManualSlot(slot, slots.size()));
        }
    }

    Group group() {
        return group;
    }

    /** Runs what slots have to do beside leases; true if there was anything. */
    boolean runOwn() {
        boolean any = false;
        for (var slot : slots) {
            while (slot.runOwn()) {
                any = true;
            }
        }
        return any;
    }

    /** What a free slot may take next, which it has taken then. */
    @Nullable Leased poll() {
        for (var lease : queue) {
            if (freeFor(lease) != null) {
                queue.remove(lease);
                return lease;
            }
        }
        return null;
    }

    void run(Leased lease) {
        Objects.requireNonNull(freeFor(lease)).run(lease);
    }

    private @Nullable ManualSlot freeFor(Leased lease) {
        for (var slot : slots) {
            if (!slot.busy && (lease.slot() == Leased.ANY_SLOT || lease.slot() == slot.index)) {
                return slot;
            }
        }
        return null;
    }

    /** The leases that run now, of which there are several if a handler waits for others. */
    Set<Long> running() {
        return slots.stream()
                .flatMap(slot -> Optional.ofNullable(slot.running).stream())
                .map(Leased::lease)
                .collect(Collectors.toSet());
    }

    @Override
    public CompletableFuture<Void> start(Engine inHandlers) {
        engine = inHandlers;
        return onEach(group.onStart());
    }

    @Override
    public void add(Leased lease) {
        queue.add(lease);
    }

    @Override
    public List<Long> takeBack(int count) {
        var back = new ArrayList<Leased>();
        while (back.size() < count && !queue.isEmpty()) {
            back.add(queue.removeLast());
        }
        back.forEach(Leased::givenBack);
        return back.stream().map(Leased::lease).toList();
    }

    @Override
    public boolean interrupt(long lease) {
        for (var slot : slots) {
            if (slot.running != null && slot.running.lease() == lease) {
                slot.interruption.interrupt(lease);
            }
        }
        return queue.removeIf(waiting -> waiting.lease() == lease);
    }

    @Override
    public void interrupt() {
        slots.forEach(slot -> slot.interruption.interrupt());
    }

    @Override
    public Executor slot(int index) {
        return slots.get(index);
    }

    @Override
    public CompletableFuture<Void> stop() {
        queue.clear();
        return onEach(group.onStop());
    }

    private CompletableFuture<Void> onEach(SlotHandler handler) {
        return CompletableFuture.allOf(slots.stream()
                .map(slot -> CompletableFuture.runAsync(() -> call(handler, slot.slot), slot))
                .toArray(CompletableFuture[]::new));
    }

    private static void call(SlotHandler handler, Slot slot) {
        try {
            handler.on(slot);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }
}
