package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.netty.NettyLoop;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.SlotHandler;
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
final class LoopSlots {

    private final Group group;
    private final List<NettyLoop> loops;
    private final Map<NettyLoop, CurrentEngine> current = new HashMap<>();

    LoopSlots(Group group, Plan plan, Network network, Engine engine) {
        this.group = group;
        this.loops = IntStream.range(0, network.loops()).mapToObj(network::loop).toList();
        for (int i = 0; i < loops.size(); i++) {
            var slot = plan.slot(group, i % group.slots());
            current.put(loops.get(i), new CurrentEngine(engine, slot, loops.get(i), false));
        }
    }

    /** On a loop, before it calls a handler of this group. */
    void enter(NettyLoop loop) {
        CurrentEngine slot = current.get(loop);
        if (slot != null) {
            CurrentEngine.set(slot);
        }
    }

    /** Runs things on that slot, as if in a handler of it. */
    Executor slot(int index) {
        NettyLoop loop = loops.get(index);
        return action -> loop.execute(() -> {
            enter(loop);
            action.run();
        });
    }

    Executor first() {
        return loops.getFirst();
    }

    CompletableFuture<Void> start() {
        return onEach(group.onStart());
    }

    CompletableFuture<Void> stop() {
        return onEach(group.onStop());
    }

    private CompletableFuture<Void> onEach(SlotHandler handler) {
        return CompletableFuture.allOf(IntStream.range(0, group.slots())
                .mapToObj(i -> on(loops.get(i), handler))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> on(NettyLoop loop, SlotHandler handler) {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            enter(loop);
            try {
                handler.on(CurrentEngine.get().slotOrThrow());
                done.complete(null);
            } catch (Throwable e) { // the program's own code; whoever started or stops the slots decides
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
