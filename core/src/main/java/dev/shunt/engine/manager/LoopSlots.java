package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.LoopWatch;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.SlotHandler;
import dev.shunt.timer.Loop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The slots of one group that are event loops: slot {@code i} is loop {@code i}. Loops beyond the group's slots, which the
 * group shares with another one, count as its first slots again.
 */
final class LoopSlots implements OwnSlots {

    private final Group group;
    private final Plan plan;
    private final List<LoopSlot> loops;
    private final Map<Loop, LoopSlot> byLoop;

    /** @param turns of each loop, which all groups share */
    LoopSlots(Group group, Plan plan, List<? extends Loop> loops, LoopWatch watch, Map<Loop, LoopTurn> turns) {
        this.group = group;
        this.plan = plan;
        this.loops = loops.stream()
                .map(loop -> new LoopSlot(loop, watch, Objects.requireNonNull(turns.get(loop))))
                .toList();
        this.byLoop = this.loops.stream().collect(Collectors.toUnmodifiableMap(LoopSlot::loop, slot -> slot));
    }

    /** Calls a handler of this group on a loop, whose thread this is. */
    void handle(Loop loop, Runnable handler) {
        Objects.requireNonNull(byLoop.get(loop)).handle(handler);
    }

    /** Calls one that waits for what its client sends: on a thread of its own, as this very slot. */
    void handleElsewhere(Loop loop, String name, Runnable handler) {
        var slot = Objects.requireNonNull(byLoop.get(loop));
        Thread.ofVirtual().name(name).start(() -> slot.handleElsewhere(handler));
    }

    @Override
    public Executor slot(int index) {
        return loops.get(index);
    }

    @Override
    public CompletableFuture<Void> start(Engine engine) {
        for (int i = 0; i < loops.size(); i++) {
            var slot = plan.slot(group, i % group.slots());
            loops.get(i).startsFor(new CurrentEngine(engine, slot, loops.get(i), false));
        }
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

    private CompletableFuture<Void> on(LoopSlot slot, SlotHandler handler) {
        var done = new CompletableFuture<Void>();
        // Not timed: before it accepts, and after all have closed, nobody waits for it.
        slot.loop().execute(() -> slot.handle(() -> on(handler, done)));
        return done;
    }

    private static void on(SlotHandler handler, CompletableFuture<Void> done) {
        try {
            handler.on(CurrentEngine.get().slotOrThrow());
            done.complete(null);
        } catch (Throwable e) { // the program's own code; whoever started or stops the slots decides
            FatalErrors.letOn(e);
            done.completeExceptionally(e);
        }
    }
}
