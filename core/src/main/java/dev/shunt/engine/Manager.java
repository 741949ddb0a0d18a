package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.netty.Loop;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Slot;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine inside the manager: the calls of {@link Engine} on what {@link ManagerProcess} holds. Safe for any thread. */
final class Manager implements Engine {

    private final ManagerProcess process;

    Manager(ManagerProcess process) {
        this.process = process;
    }

    @Override
    public Optional<Slot> slot() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? Optional.empty() : Optional.ofNullable(current.slot());
    }

    @Override
    public long submit(Data data, TaskOptions options, @Nullable Consumer<Result> callback) {
        var result = callback == null ? process.plan().hooks().taskEnded() : callback;
        return process.tasks().submit(ready(data), options, source(), new Origin.Here(here(), result));
    }

    @Override
    public Result await(Data data, TaskOptions options, Duration timeout) {
        CurrentEngine.refuseToWait("waiting for a task");
        var waiter = new Waiter();
        long id = process.tasks()
                .submit(
                        ready(data),
                        options,
                        source(),
                        new Origin.Here(Runnable::run, result -> waiter.complete(() -> result)));
        return waiter.await(id, timeout);
    }

    @Override
    public boolean send(long connectionId, Object message) {
        return process.connections().send(connectionId, message);
    }

    @Override
    public boolean close(long connectionId) {
        return process.connections().close(connectionId);
    }

    @Override
    public Connection connect(Endpoint endpoint, Protocol protocol, Limits limits, ConnectionHandlers handlers) {
        Executor here = here();
        var events = new OutgoingEvents(here, protocol, handlers, limits.maxWaitingMessages());
        Loop loop = here instanceof Loop own ? own : process.network().loop(0);
        return events.connection(process.network().connect(loop, endpoint, protocol, limits, events));
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return process.timers().schedule(here(), delay, repeat, action);
    }

    @Override
    public boolean cancel(long timerId) {
        return process.timers().cancel(timerId);
    }

    @Override
    public List<Endpoint> endpoints() {
        return process.endpoints();
    }

    @Override
    public Stats stats() {
        return process.stats();
    }

    @Override
    public void reload() {
        process.reload();
    }

    @Override
    public void shutdown() {
        process.shutdown();
    }

    /** The caller's slot; for a thread that is none, the slot that stands for the manager. */
    private Executor here() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? process.home() : current.executor();
    }

    private int source() {
        return slot().map(Slot::id).orElse(0);
    }

    /** What leaves the process is encoded now, so that its caller hears if it cannot be. */
    private Data ready(Data data) {
        var group = process.plan().taskGroup().orElseThrow(NoTaskSlots::new);
        return group.placement() == Placement.CHILDREN ? data.encoded() : data;
    }
}
