package dev.shunt.engine.manager;

import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Engine;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.engine.slots.Slots;
import dev.shunt.log.Log;
import dev.shunt.plan.Slot;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Slots in the manager's process: leases go to threads, settlements come back to the main loop. */
final class LocalSlots<P> implements SlotHost<P>, OwnSlots {

    /** Runs what a slot has been leased, on its thread. Never throws. */
    interface Handlers<P> {
        Settlement run(P item, int attempt, Interruption interruption);
    }

    private static final Logger LOG = Log.of(LocalSlots.class);

    private final GroupRun<P> run;
    private final Handlers<P> handlers;
    private final Loop loop;
    private final Clock clock;
    private final Slots slots;

    /** When the lease that a slot runs has started, by the lease. */
    private final Map<Long, Started> started = new ConcurrentHashMap<>();

    private @Nullable ChildLoad<P> child;

    /** How many slots it is to have. */
    private int wanted;

    private record Started(int slot, long atNanos) {}

    LocalSlots(GroupRun<P> run, Handlers<P> handlers, Slots slots) {
        this.run = run;
        this.handlers = handlers;
        this.loop = run.loop();
        this.clock = run.clock();
        this.slots = slots;
    }

    @Override
    public CompletableFuture<Void> start(Engine engine) {
        return slots.start(engine).thenRunAsync(() -> child = run.childUp(0), loop);
    }

    @Override
    public Executor slot(int index) {
        return slots.slot(index);
    }

    /** These from now on; false if slots have not started. On the main loop. */
    boolean resize(List<Slot> now) {
        if (child == null) {
            return false;
        }
        wanted = now.size();
        if (wanted < run.slots()) {
            run.resize(wanted);
        }
        var _ = slots.resize(now).whenCompleteAsync((back, problem) -> resized(now, back, problem), loop);
        return true;
    }

    private void resized(List<Slot> now, @Nullable List<Long> back, @Nullable Throwable problem) {
        int count = now.size();
        if (problem != null) {
            LOG.error(
                    "group {} does not have {} slots, for a start callback of a new one threw",
                    run.group().name(),
                    count,
                    problem);
            if (wanted == count) { // else another number is wanted meanwhile
                wanted = run.slots();
                var _ = slots.resize(now.subList(0, wanted)); // what could not start runs nothing
            }
            return;
        }
        if (back != null && !back.isEmpty() && child != null) {
            run.takenBack(child, back);
        }
        if (wanted == count) {
            run.resize(count);
        }
    }

    @Override
    public void interrupt() {
        slots.interrupt();
    }

    @Override
    public CompletableFuture<Void> stop() {
        return slots.stop();
    }

    /**
     * On the main loop: these slots stand for those of another process, which has died with what they run. Their successors
     * start; done when they have.
     *
     * @param started which leases have started
     */
    CompletableFuture<Void> down(LongPredicate started, String how, Engine engine) {
        if (child == null) {
            return CompletableFuture.completedFuture(null);
        }
        ChildLoad<P> dead = child;
        child = null;
        var _ = slots.takeBack(Integer.MAX_VALUE); // what has not started goes back by itself
        run.childDown(dead, started, how);
        return start(engine);
    }

    @Override
    public void abandon() {
        if (child != null) {
            run.abandon(child, "it did not end in time when the program stopped");
        }
    }

    @Override
    public void lease(ChildLoad<P> only, long lease, Work<P> work) {
        slots.add(new LocalRun(only, lease, work));
    }

    @Override
    public void takeBack(ChildLoad<P> only, int count) {
        var back = slots.takeBack(count);
        loop.execute(() -> run.takenBack(only, back));
    }

    @Override
    public void interrupt(ChildLoad<P> only, long lease) {
        if (slots.interrupt(lease)) {
            loop.execute(() -> run.takenBack(only, List.of(lease)));
        }
    }

    /** There is no other process to go on in: a handler that does not end keeps its slot. */
    @Override
    public boolean replace(ChildLoad<P> only, String why) {
        return false;
    }

    @Override
    public boolean wornOut(ChildLoad<P> only) {
        return false;
    }

    @Override
    public long runningNanos(ChildLoad<P> only, long lease) {
        Started its = started.get(lease);
        return its == null ? -1 : clock.nanoTime() - its.atNanos();
    }

    @Override
    public void running(Consumer<RunningWork<P>> each) {
        ChildLoad<P> only = child;
        if (only == null) {
            return;
        }
        long pid = ProcessHandle.current().pid();
        started.forEach((lease, its) -> {
            Work<P> work = run.leased(only, lease);
            if (work != null) { // else it has just ended
                each.accept(new RunningWork<>(
                        work, its.slot(), pid, work.attempt(), Math.max(0, clock.nanoTime() - its.atNanos())));
            }
        });
    }

    /** What a dead process had still to say is not heard. */
    @SuppressWarnings("ReferenceEquality") // the very child is meant
    private void settled(ChildLoad<P> only, long lease, Settlement settlement, long took) {
        if (only == child) {
            run.settled(only, lease, settlement, took);
        }
    }

    private final class LocalRun implements Slots.Leased {

        private final ChildLoad<P> only;
        private final long lease;
        private final Work<P> work;
        private final int attempt;

        LocalRun(ChildLoad<P> only, long lease, Work<P> work) {
            this.only = only;
            this.lease = lease;
            this.work = work;
            this.attempt = work.attempt();
        }

        @Override
        public long lease() {
            return lease;
        }

        @Override
        public int slot() {
            return work.slot();
        }

        @Override
        public void run(int index, Interruption interruption) {
            long began = clock.nanoTime();
            started.put(lease, new Started(index, began));
            Settlement settlement = settlement(interruption);
            started.remove(lease);
            long took = clock.nanoTime() - began;
            loop.execute(() -> settled(only, lease, settlement, took));
        }

        private Settlement settlement(Interruption interruption) {
            interruption.begin(lease);
            try {
                return handlers.run(work.item(), attempt, interruption);
            } catch (
                    Throwable e) { // not the program's code, which is caught nearer: this lease has an end all the same
                LOG.error("{} of group {} could not be run", work, run.group().name(), e);
                return Settlement.failed(e);
            } finally {
                interruption.end();
            }
        }
    }
}
