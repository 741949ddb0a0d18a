package dev.shunt.worker;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.plan.Slot;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;

/** Hands what concerns the program to the worker that it concerns. */
record ProgramHooks(List<WorkerSettings> workers, Optional<WorkerSettings> tasksOn) implements Hooks {

    ProgramHooks {
        workers = List.copyOf(workers);
    }

    @Override
    public void started() {
        workers.forEach(worker -> worker.ran = true);
        Program.withoutEffect(workers).warn();
        for (var endpoint : CurrentEngine.get().engine().endpoints()) {
            IO.println("listening on " + endpoint.hostAndPort());
        }
    }

    @Override
    public Optional<ProcessHandler> processStart(List<String> groups) {
        return FaceCallbacks.processStart(in(groups));
    }

    @Override
    public Optional<ProcessHandler> beforeShutdown() {
        return FaceCallbacks.beforeShutdown(all());
    }

    @Override
    public Optional<ProcessHandler> beforeReload() {
        return FaceCallbacks.beforeReload(all());
    }

    @Override
    public Optional<ProcessHandler> afterReload() {
        return FaceCallbacks.afterReload(all());
    }

    private List<FaceCallbacks> all() {
        return workers.stream().map(worker -> worker.shared).toList();
    }

    private List<FaceCallbacks> in(List<String> groups) {
        return workers.stream()
                .filter(worker -> groups.contains(worker.groupName()))
                .map(worker -> worker.shared)
                .toList();
    }

    @Override
    public void childExited(ChildExit exit) {
        of(exit.group()).ifPresent(callbacks -> callbacks.childExited(exit));
    }

    @Override
    public void queueFull(Stats stats) {
        tasksOn.ifPresent(worker -> worker.shared.queueFull(stats));
    }

    @Override
    public void queueDrained(Stats stats) {
        tasksOn.ifPresent(worker -> worker.shared.queueDrained(stats));
    }

    @Override
    public void message(int source, Data message) throws Exception {
        var callbacks = CurrentEngine.get().engine().slot().map(Slot::group).flatMap(this::of);
        if (callbacks.isPresent()) {
            callbacks.get().message(source, message);
        }
    }

    @Override
    public TaskListener tasks() {
        return tasksOn.map(worker -> worker.shared.results()).orElse(_ -> {});
    }

    private Optional<FaceCallbacks> of(String group) {
        return workers.stream()
                .filter(worker -> worker.groupName().equals(group))
                .map(worker -> worker.shared)
                .findFirst();
    }
}
