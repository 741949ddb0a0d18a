package dev.shunt.engine;

import dev.shunt.dispatch.Work;
import dev.shunt.engine.Errand.ConnectionErrand;
import dev.shunt.engine.Errand.TaskErrand;
import dev.shunt.netty.Loop;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandler;
import dev.shunt.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Slots in the manager's process: leases go to a pool of threads, settlements come back to the main loop. */
final class LocalSlots implements SlotHost {

    /** To the dispatcher, all slots in process are one child. */
    static final int ONLY_CHILD = 0;

    private final GroupRun run;
    private final Loop loop;
    private final Clock clock;
    private final TaskHandler handler;
    private final SlotPool pool;

    LocalSlots(GroupRun run, Plan plan, Engine engine, Loop loop, Clock clock) {
        this.run = run;
        this.loop = loop;
        this.clock = clock;
        Group group = run.group();
        this.handler = group.task().orElse(_ -> null);
        List<Slot> slots = IntStream.range(0, group.slots())
                .mapToObj(index -> plan.slot(group, index))
                .toList();
        this.pool = new SlotPool(group, slots, engine, SlotPool.Output.NONE);
    }

    SlotPool pool() {
        return pool;
    }

    CompletableFuture<Void> start() {
        return pool.start().thenRunAsync(() -> run.dispatcher().childUp(ONLY_CHILD), loop);
    }

    /** They did not end when they were asked to; whatever comes of them yet comes too late. */
    void abandon() {
        run.dispatcher().abandon(ONLY_CHILD, "it did not end in time when the program stopped");
    }

    @Override
    public void lease(int child, long lease, Work<Errand> work) {
        pool.add(new LocalRun(lease, work.payload(), work.attempt()));
    }

    @Override
    public void takeBack(int child, int count) {
        var back = pool.takeBack(count);
        loop.execute(() -> run.dispatcher().takenBack(ONLY_CHILD, back));
    }

    private final class LocalRun implements SlotPool.Leased {

        private final long lease;
        private final Errand errand;
        private final int attempt;

        LocalRun(long lease, Errand errand, int attempt) {
            this.lease = lease;
            this.errand = errand;
            this.attempt = attempt;
        }

        @Override
        public long lease() {
            return lease;
        }

        @Override
        public void run(int index) {
            long began = clock.nanoTime();
            Settlement settlement = settle();
            long took = clock.nanoTime() - began;
            loop.execute(() -> run.settled(ONLY_CHILD, lease, settlement, took));
        }

        private Settlement settle() {
            return switch (errand) {
                case TaskErrand t -> HandlerRun.task(handler, new Task(t.id(), t.data(), attempt, t.source()));
                case ConnectionErrand c ->
                    HandlerRun.connection(
                            c.connection().listener(), c.job(), c.connection().connection(), c.data());
            };
        }
    }
}
