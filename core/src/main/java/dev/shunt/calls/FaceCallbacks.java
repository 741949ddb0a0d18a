package dev.shunt.calls;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.plan.ResultCallbacks;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The callbacks that every face may be given, each doing nothing, or writing a line to the log, until it is set. */
public final class FaceCallbacks {

    private static final Logger LOG = Log.of(FaceCallbacks.class);

    /** Whether something was set that hears of tasks. */
    boolean hearsOfTasks;

    final ResultCallbacks results = new ResultCallbacks();
    Consumer<? super ChildExit> workerError = _ -> {};
    Consumer<? super Stats> queueFull = stats -> LOG.warn(
            "the queue for slots is full, or nearly: {} of {} tasks (maxQueuedTasks), {} of {} bytes (maxQueuedBytes)",
            stats.tasks().queued() - stats.tasks().delayed(),
            stats.tasks().maxQueued(),
            stats.tasks().bytes(),
            stats.tasks().maxQueuedBytes());
    Consumer<? super Stats> queueDrain = _ -> {};
    PipeMessageCallback pipeMessage = (source, _) -> LOG.warn("no onPipeMessage for a message from worker {}", source);

    @Nullable ProcessHandler processStart;

    @Nullable ProcessHandler beforeShutdown;

    @Nullable ProcessHandler beforeReload;

    @Nullable ProcessHandler afterReload;

    public static Optional<ProcessHandler> processStart(List<FaceCallbacks> all) {
        return all(all, face -> face.processStart);
    }

    public static Optional<ProcessHandler> beforeShutdown(List<FaceCallbacks> all) {
        return all(all, face -> face.beforeShutdown);
    }

    public static Optional<ProcessHandler> beforeReload(List<FaceCallbacks> all) {
        return all(all, face -> face.beforeReload);
    }

    public static Optional<ProcessHandler> afterReload(List<FaceCallbacks> all) {
        return all(all, face -> face.afterReload);
    }

    /** One after the other. */
    private static Optional<ProcessHandler> all(
            List<FaceCallbacks> all, Function<FaceCallbacks, @Nullable ProcessHandler> what) {
        var set = all.stream()
                .flatMap(face -> Optional.ofNullable(what.apply(face)).stream())
                .toList();
        return set.isEmpty()
                ? Optional.empty()
                : Optional.of(() -> {
                    for (var each : set) {
                        each.run();
                    }
                });
    }

    public boolean hearsOfTasks() {
        return hearsOfTasks;
    }

    public void childExited(ChildExit exit) {
        workerError.accept(exit);
    }

    public void queueFull(Stats stats) {
        queueFull.accept(stats);
    }

    public void queueDrained(Stats stats) {
        queueDrain.accept(stats);
    }

    public void message(int source, Data message) throws Exception {
        pipeMessage.on(source, message);
    }

    public TaskListener results() {
        return results;
    }
}
