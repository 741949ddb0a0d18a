package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Engine;
import dev.shunt.engine.manager.WorkItem.ConnectionItem;
import dev.shunt.engine.manager.WorkItem.TaskItem;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.task.Interest;
import dev.shunt.task.Report;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.task.Task;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Slots in the manager's process: leases go to a pool of threads, settlements come back to the main loop. */
final class LocalSlots implements SlotHost {

    private final GroupRun run;
    private final Loop loop;
    private final Clock clock;
    private final SlotPool pool;

    /** When the lease that a slot runs has started, by the lease. */
    private final Map<Long, Long> startedAtNanos = new ConcurrentHashMap<>();

    private @Nullable ChildLoad<WorkItem> child;

    LocalSlots(GroupRun run, Plan plan, Engine engine, Loop loop, Clock clock) {
        this.run = run;
        this.loop = loop;
        this.clock = clock;
        Group group = run.group();
        List<Slot> slots = IntStream.range(0, group.slots())
                .mapToObj(index -> plan.slot(group, index))
                .toList();
        this.pool = new SlotPool(group, slots, engine, SlotPool.Contact.NONE);
    }

    SlotPool pool() {
        return pool;
    }

    CompletableFuture<Void> start() {
        return pool.start().thenRunAsync(() -> child = run.childUp(0), loop);
    }

    /** They did not end when they were asked to; whatever comes of them yet comes too late. */
    void abandon() {
        if (child != null) {
            run.abandon(child, "it did not end in time when the program stopped");
        }
    }

    @Override
    public void lease(ChildLoad<WorkItem> only, long lease, Work<WorkItem> work) {
        pool.add(new LocalRun(only, lease, work));
    }

    @Override
    public void takeBack(ChildLoad<WorkItem> only, int count) {
        var back = pool.takeBack(count);
        loop.execute(() -> run.takenBack(only, back));
    }

    @Override
    public void interrupt(ChildLoad<WorkItem> only, long lease) {
        if (pool.interrupt(lease)) {
            loop.execute(() -> run.takenBack(only, List.of(lease)));
        }
    }

    /** There is no other process to go on in: a handler that does not end keeps its slot. */
    @Override
    public boolean replace(ChildLoad<WorkItem> only, String why) {
        return false;
    }

    @Override
    public long runningNanos(ChildLoad<WorkItem> only, long lease) {
        Long startedAt = startedAtNanos.get(lease);
        return startedAt == null ? -1 : clock.nanoTime() - startedAt;
    }

    private final class LocalRun implements SlotPool.Leased {

        private final ChildLoad<WorkItem> only;
        private final long lease;
        private final Work<WorkItem> work;
        private final int attempt;

        LocalRun(ChildLoad<WorkItem> only, long lease, Work<WorkItem> work) {
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
            startedAtNanos.put(lease, began);
            interruption.begin(lease);
            Settlement settlement = settle(interruption);
            interruption.end();
            startedAtNanos.remove(lease);
            long took = clock.nanoTime() - began;
            loop.execute(() -> run.settled(only, lease, settlement, took));
        }

        private Settlement settle(Interruption interruption) {
            return switch (work.item()) {
                case TaskItem t -> runTask(t, interruption);
                case ConnectionItem c ->
                    HandlerRun.connection(
                            c.connection().listener(), c.kind(), c.connection().connection(), c.data());
            };
        }

        private Settlement runTask(TaskItem item, Interruption interruption) {
            var task = new Task(item.id(), item.data(), attempt, item.source(), item.deadline(), new Task.Run() {
                @Override
                public boolean isCancelled() {
                    return interruption.isWanted();
                }

                @Override
                public boolean finished(Data result) {
                    boolean streamed = item.origin().interest() == Interest.RESULTS;
                    if (streamed) {
                        var ready = readyFor(item.origin(), result);
                        loop.execute(() -> run.reported(item, Report.FINISHED, ready));
                    }
                    return streamed;
                }

                @Override
                public void progressed(Data progress) {
                    if (item.origin().interest() == Interest.HANDLE) {
                        var ready = readyFor(item.origin(), progress);
                        loop.execute(() -> run.reported(item, Report.PROGRESSED, ready));
                    }
                }
            });
            var settlement = HandlerRun.task(
                    run.group().tasks().orElseThrow(), item.task().type(), task);
            return item.origin() instanceof Origin.InChild ? settlement.encoded() : settlement;
        }
    }

    /** What goes to a child is encoded here, where the program hears if it cannot be. */
    private static Data readyFor(Origin origin, Data data) {
        return origin instanceof Origin.InChild ? data.encoded() : data;
    }
}
