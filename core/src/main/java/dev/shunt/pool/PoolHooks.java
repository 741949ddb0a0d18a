package dev.shunt.pool;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What a pool hears of its engine. */
final class PoolHooks implements Hooks {

    final FaceCallbacks shared = new FaceCallbacks();

    /** Done when it serves; failed if it cannot. */
    final CompletableFuture<Void> serving = new CompletableFuture<>();

    /** Done when it has ended. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Consumer<? super ChildExit> childExit = _ -> {};
    Optional<Executor> callbackExecutor = Optional.empty();
    WithoutEffect withoutEffect = new WithoutEffect();

    @Override
    public void started() {
        withoutEffect.warn();
        serving.complete(null);
    }

    @Override
    public void stopped() {
        ended.complete(null);
    }

    @Override
    public void childExited(ChildExit exit) {
        childExit.accept(exit);
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
    public void queueFull(Stats stats) {
        shared.queueFull(stats);
    }

    @Override
    public void queueDrained(Stats stats) {
        shared.queueDrained(stats);
    }

    @Override
    public TaskListener tasks() {
        return shared.results();
    }

    @Override
    public Optional<Executor> callbackExecutor() {
        return callbackExecutor;
    }
}
