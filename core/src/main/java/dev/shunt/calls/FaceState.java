package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.Engine;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.task.Finished;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a face's calls and declarations. A program has no use for it: all its methods are for this
 * package.
 */
public final class FaceState<S> {

    /** The task that this thread runs. */
    private static final ScopedValue<Task> RUNNING = ScopedValue.newInstance();

    private final S self;
    private final Face face;
    private final TaskSpecBuilder tasks;
    private final FaceCallbacks callbacks;
    private final WebCallbacks web = new WebCallbacks();

    /**
     * @param self what declarations return
     * @param tasks made by {@link #tasks()}; the face builds its plan from it
     */
    public FaceState(S self, Face face, TaskSpecBuilder tasks, FaceCallbacks callbacks) {
        this.self = self;
        this.face = face;
        this.tasks = tasks;
        this.callbacks = callbacks;
    }

    /** For what a face is told about tasks; its handlers may call {@link TaskCalls#finish}. */
    public static TaskSpecBuilder tasks() {
        return new TaskSpecBuilder(FaceState::running);
    }

    private static TaskHandler<?> running(TaskHandler<?> handler) {
        return task -> ScopedValue.where(RUNNING, task).call(() -> handler.run(task));
    }

    S self() {
        return self;
    }

    Engine engine() {
        return face.engine();
    }

    TaskSpecBuilder declaring(String call) {
        face.declaring(call);
        return tasks;
    }

    /** For callbacks that hear of tasks. */
    FaceCallbacks hearing(String call) {
        face.declaring(call);
        callbacks.hearsOfTasks = true;
        return callbacks;
    }

    /** For callbacks that have nothing to do with tasks: any face may have them. */
    FaceCallbacks listening(String call) {
        face.setting(call);
        return callbacks;
    }

    /** For callbacks of HTTP. */
    WebCallbacks web(String call) {
        face.setting(call);
        return web;
    }

    /** What the face was given for HTTP. */
    public WebCallbacks web() {
        return web;
    }

    Submission submission(Object data, TaskOptions options) {
        face.asking();
        return face.engine().plan().taskTypes().submission(data, Check.given("options of a task", options));
    }

    /** For other processes, which decode it with the program's codec. */
    Data encoded(String call, Object value) {
        return Data.of(Check.given(call, value), codec()).encoded();
    }

    Codec codec() {
        return engine().plan().codec();
    }

    List<Submission> submissions(List<?> data) {
        return data.stream().map(task -> submission(task, TaskOptions.DEFAULT)).toList();
    }

    Finished finish(@Nullable Object result) {
        if (!RUNNING.isBound()) {
            throw new IllegalStateException("finish() outside of onTask; a result belongs to the task that is running");
        }
        return RUNNING.get().finish(result);
    }

    long schedule(Duration delay, boolean repeat, Runnable action) {
        return engine().schedule(delay, repeat, Check.given("the action of a timer", action));
    }
}
