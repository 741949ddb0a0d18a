package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.SlotHandler;
import dev.shunt.timer.Loop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The slots of one group that are event loops: slot {@code i} is loop {@code i}. Loops beyond the group's slots, which the
 * group shares with another one, count as its first slots again.
 */
final class LoopSlots implements OwnSlots {

    private final Group group;
    private final Plan plan;
    private final List<? extends Loop> loops;
    private volatile Map<Loop, CurrentEngine> current = Map.of();

    LoopSlots(Group group, Plan plan, List<? extends Loop> loops) {
        this.group = group;
        this.plan = plan;
        this.loops = loops;
    }

    /** On a loop, before it calls a handler of this group. */
    void enter(Loop loop) {
        CurrentEngine slot = current.get(loop);
        if (slot != null) {
            CurrentEngine.set(slot);
        }
    }

    @Override
    public Executor slot(int index) {
        Loop loop = loops.get(index);
        return action -> loop.execute(() -> {
            enter(loop);
            action.run();
        });
    }

    Executor first() {
        return loops.getFirst();
    }

    @Override
    public CompletableFuture<Void> start(Engine engine) {
        var slots = new HashMap<Loop, CurrentEngine>();
        for (int i = 0; i < loops.size(); i++) {
            var slot = plan.slot(group, i % group.slots());
            slots.put(loops.get(i), new CurrentEngine(engine, slot, loops.get(i), false));
        }
        current = slots;
        return onEach(group.onStart());
    }

    /** A handler that holds up its loop is not interrupted, or Netty would be. */
    @Override
    public void interrupt() {}

    @Override
    public void abandon() {}

    @Override
    public CompletableFuture<Void> stop() {
        return onEach(group.onStop());
    }

    private CompletableFuture<Void> onEach(SlotHandler handler) {
        return CompletableFuture.allOf(IntStream.range(0, group.slots())
                .mapToObj(i -> on(loops.get(i), handler))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> on(Loop loop, SlotHandler handler) {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            enter(loop);
            try {
                handler.on(CurrentEngine.get().slotOrThrow());
                done.complete(null);
            } catch (Throwable e) { // the program's own code; whoever started or stops the slots decides
                loop.endIfFatal(e);
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
