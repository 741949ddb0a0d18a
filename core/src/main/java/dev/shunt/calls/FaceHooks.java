package dev.shunt.calls;

import dev.shunt.plan.Hooks;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;

/** The hooks of a program that has one face: what every face may be given, {@link FaceCallbacks} answers. */
public abstract class FaceHooks implements Hooks {

    protected final FaceCallbacks shared;

    private WithoutEffect withoutEffect = new WithoutEffect();

    protected FaceHooks(FaceCallbacks shared) {
        this.shared = shared;
    }

    /** What was declared in vain, of which the log warns when the program has started. */
    public void warnOf(WithoutEffect none) {
        withoutEffect = none;
    }

    @Override
    public void started() {
        withoutEffect.warn();
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
}
