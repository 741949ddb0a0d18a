package dev.shunt.server;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.data.Data;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;

/** The callbacks a server was given, each doing nothing until it is set. */
final class ServerCallbacks implements Hooks {

    Runnable start = () -> {};
    Runnable managerStart = () -> {};
    Runnable shutdown = () -> {};
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};

    /** Of the server's own address. */
    final AddressCallbacks connections = new AddressCallbacks();

    private final FaceCallbacks shared;

    WithoutEffect withoutEffect = new WithoutEffect();

    /** It has come to the point at which it ran. */
    volatile boolean ran;

    ServerCallbacks(FaceCallbacks shared) {
        this.shared = shared;
    }

    @Override
    public void started() {
        ran = true;
        withoutEffect.warn();
        start.run();
        managerStart.run();
    }

    @Override
    public Optional<ProcessHandler> processStart(List<String> groups) {
        return FaceCallbacks.processStart(List.of(shared));
    }

    @Override
    public Optional<ProcessHandler> beforeShutdown() {
        return FaceCallbacks.beforeShutdown(List.of(shared));
    }

    @Override
    public Optional<ProcessHandler> beforeReload() {
        return FaceCallbacks.beforeReload(List.of(shared));
    }

    @Override
    public Optional<ProcessHandler> afterReload() {
        return FaceCallbacks.afterReload(List.of(shared));
    }

    @Override
    public void stopped() {
        shutdown.run();
    }

    @Override
    public void childExited(ChildExit exit) {
        shared.childExited(exit);
    }

    @Override
    public void queueFull(Stats stats) {
        shared.queueFull(stats);
    }

    @Override
    public void queueDrained(Stats stats) {
        shared.queueDrained(stats);
    }

    @Override
    public void message(int source, Data message) throws Exception {
        shared.message(source, message);
    }

    @Override
    public TaskListener tasks() {
        return shared.results();
    }
}
