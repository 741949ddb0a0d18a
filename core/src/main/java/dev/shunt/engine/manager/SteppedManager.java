package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Dialer;
import dev.shunt.engine.Engine;
import dev.shunt.engine.slots.Slots;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Spool;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * The parts of a manager without a thread, a process or a socket: whoever steps its {@link World} is all of these. What the
 * plan places in children runs in this process, on slots that stand for theirs, and may be {@link #lose lost} as they may.
 * One thread only.
 */
public final class SteppedManager {

    /** Written to by payloads between processes, of which there is one. */
    private static final Path NOWHERE = Path.of("nowhere");

    /**
     * What steps it.
     *
     * @param loops as many as the plan has, of which the first is the main loop
     * @param log answers before a call returns
     * @param slots makes those that are no event loops
     * @param waiting what whoever steps it does where a program's thread waits
     */
    public record World(
            List<? extends Loop> loops,
            Clock clock,
            Timers timers,
            TaskLog log,
            Slots.Factory slots,
            Dialer dialer,
            Waiting waiting) {}

    /** What a thread that would wait does instead. */
    public interface Waiting {

        /** Steps the world until it is so, or so much time has passed. */
        void until(BooleanSupplier so, long nanos);
    }

    private final Plan plan;
    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final ManagerEngine engine;

    public SteppedManager(Plan plan, World world) {
        this.plan = plan;
        Set<String> elsewhere = plan.groups().stream()
                .filter(group -> group.placement() == Placement.CHILDREN)
                .map(Group::name)
                .collect(Collectors.toSet());
        var ports = new ManagerPorts(
                world.loops(),
                world.clock(),
                world.timers(),
                world.log(),
                Runnable::run,
                new PayloadFiles(NOWHERE),
                Spool.temporary(),
                Runnable::run,
                world.slots(),
                elsewhere,
                world.dialer(),
                MemoryBudget.of(plan.settings().maxConnectionMemory()),
                world.loops().getFirst(),
                (so, nanos) -> {
                    world.waiting().until(so, nanos);
                    return true;
                });
        parts = ManagerParts.of(plan.inProcess(), ports);
        shutdown = new Shutdown(parts);
        engine = new ManagerEngine(parts, shutdown);
    }

    public Engine engine() {
        return engine;
    }

    /**
     * Binds, starts slots, goes on with the log's tasks and accepts, as a program does.
     *
     * @param inHandlers the engine that handlers find
     * @return done when it runs; failed with why it does not
     */
    public CompletableFuture<Void> start(Engine inHandlers, Listeners.Binder binder) throws IOException {
        parts.listeners().bind(binder);
        Loop main = parts.ports().main();
        var slots = new CompletableFuture<Void>();
        main.execute(() -> {
            var _ = parts.groups().start(inHandlers).whenComplete((_, problem) -> {
                if (problem == null) {
                    slots.complete(null);
                } else {
                    slots.completeExceptionally(problem);
                }
            });
        });
        return slots.thenRunAsync(
                () -> {
                    parts.anyTasks().recover();
                    parts.listeners().accept();
                    asProgram(plan.hooks()::started, inHandlers);
                    parts.schedules().start(plan, inHandlers);
                },
                main);
    }

    /**
     * The process dies that hosts a group's slots. What it ran is lost, or run again if its options say so, and another one
     * takes its place.
     *
     * @param started which leases have started
     */
    public void lose(String group, LongPredicate started, String how, Engine inHandlers) {
        parts.ports().main().execute(() -> {
            var _ = parts.groups().down(group, started, how, inHandlers);
            parts.children().exited(new ChildExit(group, 0, 0, how));
        });
    }

    /** Done when a shutdown is; tells the program. */
    public CompletableFuture<Void> stopped(Engine inHandlers) {
        return shutdown.over().thenRun(() -> {
            engine.stopped();
            asProgram(plan.hooks()::stopped, inHandlers);
        });
    }

    /** The program's own code, as if on the manager's slot. */
    private void asProgram(Runnable hook, Engine inHandlers) {
        var before = CurrentEngine.orNull();
        CurrentEngine.set(new CurrentEngine(inHandlers, null, parts.managerSlot(), true));
        try {
            hook.run();
        } finally {
            if (before == null) {
                CurrentEngine.clear();
            } else {
                CurrentEngine.set(before);
            }
        }
    }
}
