package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.engine.Engine;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.Slot;
import dev.shunt.plan.SlotHandler;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server in Swoole's words. Callbacks are set first, then {@link #start} runs them: {@code onReceive} and its siblings on
 * the event loop, where they must not block, {@code onTask} in task worker processes, where it may. Code before
 * {@code start} runs in every process of the program; what only workers need belongs into {@link #onWorkerStart}.
 */
public final class Server {

    /** How long {@link #taskWait(Object)} waits; Swoole's default. */
    public static final Duration TASK_WAIT = Duration.ofMillis(500);

    static final String EVENT_GROUP = "event";
    static final String TASK_GROUP = "task";

    /** The task that a task worker's thread runs, for {@link #finish}. */
    private static final ScopedValue<Task> RUNNING = ScopedValue.newInstance();

    private final String host;
    private final int port;
    private final ServerSettings settings = new ServerSettings();
    private final ServerCallbacks callbacks = new ServerCallbacks();
    private volatile @Nullable Engine engine;

    /**
     * @param host the address to listen on; "0.0.0.0" for all
     * @param port 0 for any free one
     */
    public Server(String host, int port) {
        this.host = host;
        this.port = port;
        Engine.enter();
    }

    /** Changes settings: {@code server.set(settings -> settings.taskWorkerNum(4))}. */
    public Server set(Consumer<ServerSettings> change) {
        change.accept(settings);
        return this;
    }

    /** In the manager, when the server accepts. */
    public Server onStart(Runnable callback) {
        callbacks.start = callback;
        return this;
    }

    /** In the manager, last of all. */
    public Server onShutdown(Runnable callback) {
        callbacks.shutdown = callback;
        return this;
    }

    /** In every event and task worker, on its own thread, with its worker id, before it gets work. */
    public Server onWorkerStart(WorkerCallback callback) {
        callbacks.workerStart = callback;
        return this;
    }

    /** In every event and task worker that stops in order; not in one that was killed. */
    public Server onWorkerStop(WorkerCallback callback) {
        callbacks.workerStop = callback;
        return this;
    }

    /** In the manager, when a child ended unasked; it is being replaced already. */
    public Server onWorkerError(Consumer<ChildExit> callback) {
        callbacks.workerError = callback;
        return this;
    }

    public Server onConnect(ConnectionCallback callback) {
        callbacks.connect = callback;
        return this;
    }

    public Server onReceive(ReceiveCallback callback) {
        callbacks.receive = callback;
        return this;
    }

    public Server onClose(ConnectionCallback callback) {
        callbacks.close = callback;
        return this;
    }

    /**
     * Runs a task in a task worker; returns its result, or null if {@link Task#finish} gave it or there is none. What it
     * throws is a failure for the caller, not the end of the worker. Where a lambda is a single call, give it a block body:
     * only that says whether it returns something.
     */
    public Server onTask(TaskHandler callback) {
        callbacks.task = callback;
        return this;
    }

    /** As {@link #onTask(TaskHandler)}, for a handler that returns nothing. */
    @SuppressWarnings("overloads") // a lambda with a block body says by itself whether it returns something
    public Server onTask(TaskCallback callback) {
        callbacks.task = task -> {
            callback.on(task);
            return null;
        };
        return this;
    }

    /** On the worker that asked, for each task that ended well; not for those with a callback of their own. */
    public Server onFinish(Consumer<Result.Done> callback) {
        callbacks.finish = callback;
        return this;
    }

    /** On the worker that asked, for each task that did not end well. Default: a line in the log. */
    public Server onTaskFailed(Consumer<Result> callback) {
        callbacks.taskFailed = callback;
        return this;
    }

    /** Hands data to a task worker and returns the task's id at once: bytes, text, or a record or POJO for the codec. */
    public long task(Object data) {
        return engine().submit(Data.of(data), TaskOptions.DEFAULT, null);
    }

    /** As {@link #task(Object)}; the callback gets the result on this worker, in place of {@code onFinish}. */
    public long task(Object data, Consumer<Result> callback) {
        return engine().submit(Data.of(data), TaskOptions.DEFAULT, callback);
    }

    public long task(Object data, TaskOptions options) {
        return engine().submit(Data.of(data), options, null);
    }

    public long task(Object data, TaskOptions options, Consumer<Result> callback) {
        return engine().submit(Data.of(data), options, callback);
    }

    /** Waits for a task for up to {@link #TASK_WAIT}. */
    public Result taskWait(Object data) {
        return taskWait(data, TASK_WAIT);
    }

    /**
     * Runs a task and waits for its result on this thread; {@link Result.TimedOut} after {@code timeout}, which does not
     * stop the task.
     *
     * @throws IllegalStateException on an event loop
     */
    public Result taskWait(Object data, Duration timeout) {
        return engine().await(Data.of(data), TaskOptions.DEFAULT, timeout);
    }

    /** In {@code onTask}: the same as {@link Task#finish} of the task this worker runs. */
    public void finish(@Nullable Object result) {
        if (!RUNNING.isBound()) {
            throw new IllegalStateException("finish() outside of onTask; a result belongs to the task that is running");
        }
        RUNNING.get().finish(result);
    }

    /** Sends to a connection from any worker of any process; false if it is known to be closed, or too much waits. */
    public boolean send(long fd, Object data) {
        return engine().send(fd, data);
    }

    /** Closes a connection from any worker of any process, once what waits has been sent. */
    public boolean close(long fd) {
        return engine().close(fd);
    }

    public Stats stats() {
        return engine().stats();
    }

    /** The id of the worker that runs this thread: event workers from 0, task workers after them. */
    public int workerId() {
        return engine().slot().map(Slot::id).orElseThrow(() -> new IllegalStateException("not on a worker's thread"));
    }

    /** Where the server listens, with the port it got if it asked for 0. */
    public Endpoint endpoint() {
        return engine().endpoints().getFirst();
    }

    /** Replaces all worker processes one by one, after what they run; the new ones load the classes that are on disk then. */
    public void reload() {
        engine().reload();
    }

    /** Ends the server in order, from any worker; returns at once. */
    public void shutdown() {
        engine().shutdown();
    }

    /** Runs the server until it is shut down. In a child process it does not return. */
    public void start() {
        Engine.run(plan(), started -> engine = started);
    }

    Plan plan() {
        var groups = new ArrayList<Group>();
        groups.add(new Group(
                EVENT_GROUP,
                settings.placement,
                settings.eventSlots(),
                settings.placement == Placement.CHILDREN ? settings.workerProcesses : 0,
                settings.virtualWorkers,
                settings.workerJvmOptions,
                Optional.empty(),
                slotHandler(callbacks.workerStart),
                slotHandler(callbacks.workerStop)));
        if (settings.taskWorkerNum > 0) {
            groups.add(taskGroup());
        }
        var listener = new Listener(
                new Endpoint("tcp", host, port, "/"),
                settings.protocol,
                settings.limits,
                EVENT_GROUP,
                callbacks.connectionHandlers());
        int loops = settings.placement == Placement.EVENT_LOOP ? settings.eventSlots() : Settings.DEFAULT_LOOPS;
        var plan = new Plan(
                groups,
                List.of(listener),
                new Settings(loops, settings.maxWaitTime, settings.maxQueuedTasks, settings.childMain),
                new Hooks(callbacks.start, callbacks.shutdown, callbacks.workerError, callbacks::taskEnded));
        return settings.inProcess ? plan.inProcess() : plan;
    }

    private Group taskGroup() {
        TaskHandler handler = callbacks.task;
        if (handler == null) {
            throw new IllegalStateException("taskWorkerNum is " + settings.taskWorkerNum
                    + " but onTask is missing; set it with server.onTask(task -> ...)");
        }
        return new Group(
                TASK_GROUP,
                settings.taskPlacement,
                settings.taskWorkerNum,
                settings.taskChildren(),
                false,
                settings.taskJvmOptions,
                Optional.of(task -> ScopedValue.where(RUNNING, task).call(() -> handler.run(task))),
                slotHandler(callbacks.workerStart),
                slotHandler(callbacks.workerStop));
    }

    private static SlotHandler slotHandler(WorkerCallback callback) {
        return slot -> callback.on(slot.id());
    }

    private Engine engine() {
        Engine present = engine;
        if (present == null) {
            throw new IllegalStateException(
                    "the server on " + host + ":" + port + " has not started; call start() first");
        }
        return present;
    }
}
