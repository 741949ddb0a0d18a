package dev.shunt.worker;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.launch.Launch;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.ResultCallbacks;
import dev.shunt.plan.Slot;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.plan.WhenFull;
import dev.shunt.stats.Stats;
import dev.shunt.task.AnsweringTask;
import dev.shunt.task.DeadTask;
import dev.shunt.task.PayloadTask;
import dev.shunt.task.RateLimit;
import dev.shunt.task.Result;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskCallback;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TypedTask;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker in Workerman's words: an address to listen on, callbacks, and how many slots run them. Construct one or more,
 * then {@link #runAll} runs them all. Handlers may block: by default they run on {@code count} slots of one child process,
 * and no message waits while a slot is free. Code before {@code runAll} runs in every process; what only workers need
 * belongs into {@link #onWorkerStart}.
 */
public final class Worker {

    private final @Nullable Endpoint endpoint;
    private final @Nullable ApplicationProtocol protocol;
    private final WorkerCallbacks callbacks = new WorkerCallbacks(this);
    private final TaskSpecBuilder tasks = new TaskSpecBuilder();
    private final ResultCallbacks results = new ResultCallbacks();
    private String name = "none";
    private int count = 1;
    private int processes;
    private Placement placement = Placement.CHILDREN;
    private boolean virtual;
    private List<String> jvmOptions = List.of();
    private Limits limits = Limits.DEFAULT;

    /** A worker that listens nowhere: it may run tasks, and {@link #onWorkerStart} may run timers and open connections. */
    public Worker() {
        this(null, null);
    }

    /**
     * @param address {@code scheme://host:port}, the scheme being tcp, text, frame, websocket, or one given to
     *     {@link #protocol}
     * @throws IllegalArgumentException if the address cannot be read or nothing is known of its scheme
     */
    public Worker(String address) {
        this(Endpoint.parse(address), Program.protocolToListen(Endpoint.parse(address)));
    }

    private Worker(@Nullable Endpoint endpoint, @Nullable ApplicationProtocol protocol) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        Launch.enter();
        Program.add(this);
    }

    /**
     * Where the program's durable tasks and dead letters are kept, such as {@code SqliteTaskLog.at(file)}. Default: dead
     * letters in memory.
     */
    public static void taskLog(TaskLog.Opener value) {
        Program.taskLog(value);
    }

    /** How many tasks of the program may wait; what becomes of one more, {@link #whenQueueFull} says. Default 100,000. */
    public static void maxQueuedTasks(int value) {
        Program.maxQueuedTasks(value);
    }

    /** What becomes of a task that is submitted while as many wait as may. Default: it is rejected. */
    public static void whenQueueFull(WhenFull value) {
        Program.whenQueueFull(value);
    }

    /** Makes a protocol of the user's own known under a scheme, before any worker or connection names it. */
    public static void protocol(String scheme, Protocol protocol) {
        protocol(scheme, new Framing(protocol));
    }

    /** Makes a scheme known under which WebSocket is spoken with settings of its own. */
    public static void protocol(String scheme, WebSocketProtocol settings) {
        protocol(scheme, new WebSocket(settings));
    }

    /** Makes another scheme known for what is spoken, such as for one of {@code Protocols.builtIn()}. */
    public static void protocol(String scheme, ApplicationProtocol spoken) {
        Program.register(scheme, spoken);
    }

    /** How many messages are handled at once; not how many processes, see {@link #processes}. Default 1. */
    public Worker count(int value) {
        count = value;
        return this;
    }

    /** Shown in logs and errors. Default "none", made unique by its address. */
    public Worker name(String value) {
        name = value;
        return this;
    }

    /** How many child processes host the {@code count} slots. Default 1; for tasks, as many as slots or cores. */
    public Worker processes(int value) {
        processes = value;
        return this;
    }

    /** Where handlers run: in children (default), on slots in this process, or on the event loop, where none may block. */
    public Worker placement(Placement value) {
        placement = value;
        return this;
    }

    /** Slots are virtual threads: a handler that waits holds no platform thread. */
    public Worker virtual(boolean value) {
        virtual = value;
        return this;
    }

    /** JVM options of this worker's children, such as {@code -Xmx1g}; they win over the defaults. */
    public Worker jvmOptions(String... options) {
        jvmOptions = List.of(options);
        return this;
    }

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    public Worker maxPackageSize(int bytes) {
        limits = limits.withMaxPackageBytes(bytes);
        return this;
    }

    /** How much may wait to be sent on one connection; more is refused. Default 1 MiB. */
    public Worker maxSendBufferSize(int bytes) {
        limits = limits.withMaxSendBytes(bytes);
        return this;
    }

    /** On every slot, on its own thread, before it gets messages; connections are accepted when all have returned. */
    public Worker onWorkerStart(WorkerCallback callback) {
        callbacks.workerStart = callback;
        return this;
    }

    /** On every slot that stops in order. */
    public Worker onWorkerStop(WorkerCallback callback) {
        callbacks.workerStop = callback;
        return this;
    }

    public Worker onConnect(ConnectionCallback callback) {
        callbacks.connect = callback;
        return this;
    }

    public Worker onMessage(MessageCallback callback) {
        callbacks.message = callback;
        return this;
    }

    /** Exactly once per connection, also when the program's stop closes it. */
    public Worker onClose(ConnectionCallback callback) {
        callbacks.close = callback;
        return this;
    }

    /** A message was refused because too much waits to be sent: code 2; {@code send} returns false as well. */
    public Worker onError(ErrorCallback callback) {
        callbacks.error = callback;
        return this;
    }

    /** What waited to be sent has been sent. */
    public Worker onBufferDrain(ConnectionCallback callback) {
        callbacks.bufferDrain = callback;
        return this;
    }

    /**
     * Makes this the program's worker for tasks, which run in its processes, one at a time on each of its {@code count} slots.
     * Returns a task's result, or null if {@link Task#finish} gave it or there is none. What it throws is a failure for whoever
     * asked. Where a lambda is a single call, give it a block body: only that says whether it returns something.
     *
     * @throws IllegalStateException if this worker listens: tasks are for a worker of their own, constructed without an address
     */
    public Worker onTask(TaskHandler callback) {
        forTasks("onTask").untyped(callback);
        return this;
    }

    /** As {@link #onTask(TaskHandler)}, for a handler that returns nothing. */
    @SuppressWarnings("overloads") // a lambda with a block body says by itself whether it returns something
    public Worker onTask(TaskCallback callback) {
        return onTask(callback.asHandler());
    }

    /** Runs tasks whose payload is a {@code type}, as {@link #onTask(TaskHandler)} does; others go to {@code onTask}. */
    public <T> Worker handle(Class<T> type, TypedTask<T> handler) {
        forTasks("handle").handle(type, handler);
        return this;
    }

    public <T> Worker handle(Class<T> type, PayloadTask<T> handler) {
        return handle(type, (payload, _) -> handler.run(payload));
    }

    /** As {@link #handle}, for a handler that returns its result. */
    public <T> Worker answer(Class<T> type, AnsweringTask<T> handler) {
        forTasks("answer").answer(type, handler);
        return this;
    }

    /** How many tasks of a type may start in a time; declared with {@link #handle} or {@link #answer}. */
    public Worker rateLimit(Class<?> type, int count, Duration per) {
        tasks.rate(type, new RateLimit(count, per));
        return this;
    }

    /** Decides, where the task ran, whether a task whose handler threw is run again. Default: its options do. */
    public Worker onTaskError(RetryDecision decision) {
        tasks.retry(decision);
        return this;
    }

    /** After how many tasks a slot's process is replaced; what it hosts counts together. Default 0: never. */
    public Worker taskMaxRequest(int value) {
        tasks.maxRuns(value, -1);
        return this;
    }

    /** On the slot that asked, for each result of a task without a callback or handle of its own; from any worker. */
    public Worker onFinish(Consumer<Result.Done> callback) {
        results.onFinish(callback);
        return this;
    }

    /** On the slot that asked, for each task without a callback or handle that did not end well. Default: a line in the log. */
    public Worker onTaskFailed(Consumer<Result> callback) {
        results.onTaskFailed(callback);
        return this;
    }

    /**
     * Submits a task whenever an expression of cron is due, by this machine's clock and time zone; all as in
     * {@code Server.schedule}. {@code task} is called in the manager, in which a
     * program without workers of placement {@code EVENT_LOOP} or {@code IN_PROCESS} has a thread for it.
     *
     * @throws IllegalArgumentException if the expression is none, or there is a schedule of that name
     * @throws IllegalStateException if this worker listens
     */
    public Worker schedule(String name, String cron, Supplier<? extends @Nullable Object> task) {
        forTasks("schedule").schedule(name, cron, task);
        return this;
    }

    /** As the other one, in a time zone, and with options for each of its tasks. */
    public Worker schedule(
            String name, String cron, ZoneId zone, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        forTasks("schedule").schedule(name, cron, zone, options, task);
        return this;
    }

    /** As the other ones, again and again: first {@code interval} after the start. The clock may be set meanwhile. */
    public Worker schedule(String name, Duration interval, Supplier<? extends @Nullable Object> task) {
        return schedule(name, interval, TaskOptions.DEFAULT, task);
    }

    public Worker schedule(
            String name, Duration interval, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        forTasks("schedule").schedule(name, interval, options, task);
        return this;
    }

    /**
     * On the worker that has {@link #onTask(TaskHandler)}, from a callback of any worker: hands data to one of its slots and
     * returns the task's id at once. Bytes, text, or a record or POJO for the codec.
     */
    public long task(Object data) {
        return task(data, TaskOptions.DEFAULT);
    }

    /** As {@link #task(Object)}; the callback gets the result on the calling slot, in place of {@code onFinish}. */
    public long task(Object data, Consumer<Result> callback) {
        return task(data, TaskOptions.DEFAULT, callback);
    }

    public long task(Object data, TaskOptions options) {
        var submission = submission(data, options);
        return CurrentEngine.get().engine().submit(submission, null);
    }

    public long task(Object data, TaskOptions options, Consumer<Result> callback) {
        var submission = submission(data, options);
        return CurrentEngine.get().engine().submit(submission, callback::accept);
    }

    /** As {@link #task(Object)}; returns what follows the task: its result, its progress, that it is stored, cancelling it. */
    public TaskHandle submit(Object task) {
        return submit(task, TaskOptions.DEFAULT);
    }

    public TaskHandle submit(Object task, TaskOptions options) {
        var submission = submission(task, options);
        return CurrentEngine.get().engine().start(submission);
    }

    /**
     * Runs a task and waits for its result on this thread; {@link Result.TimedOut} after {@code timeout}, which does not
     * stop the task.
     *
     * @throws IllegalStateException on an event loop
     */
    public Result taskWait(Object data, Duration timeout) {
        var submission = submission(data, TaskOptions.DEFAULT);
        return CurrentEngine.get().engine().await(submission, timeout);
    }

    private Submission submission(Object data, TaskOptions options) {
        if (tasks.isEmpty()) {
            throw new IllegalStateException(
                    "worker " + groupName() + " runs no tasks; give it onTask, or submit to the worker that has one");
        }
        return tasks.submission(data, options);
    }

    private TaskSpecBuilder forTasks(String what) {
        if (endpoint != null) {
            throw new IllegalStateException(what + " on worker " + endpoint
                    + ", which listens; tasks are for a worker of their own: new Worker().name(\"tasks\")." + what
                    + "(...)");
        }
        return tasks;
    }

    /** In a handler: 0 to count - 1, the slot it runs on; stable over restarts. */
    public int id() {
        return CurrentEngine.get()
                .engine()
                .slot()
                .map(Slot::index)
                .orElseThrow(() -> new IllegalStateException("id() is known on a worker's own thread only"));
    }

    public String name() {
        return name;
    }

    public int count() {
        return count;
    }

    /**
     * Runs every worker constructed so far until the program is stopped. In a child process it does not return.
     *
     * @param args the program's; "start" alone is accepted as in Workerman, other Workerman commands are refused with what
     *     to do instead, everything else is the program's own
     */
    public static void runAll(String... args) {
        Program.runAll(args);
    }

    /**
     * Tasks that ended badly in their last attempt and are kept, in the order of their ids, from the first id above
     * {@code afterId} on; -1 for all. From workers of placement {@code EVENT_LOOP} or {@code IN_PROCESS}.
     *
     * @throws IllegalStateException in a child, where workers are by default: the manager has them
     */
    public static CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        return CurrentEngine.get().engine().deadTasks(afterId, limit);
    }

    /** Runs a dead letter again, from its first attempt; false if there is none. From where {@link #deadTasks} may be called. */
    public static CompletionStage<Boolean> rerunDeadTask(long taskId) {
        return CurrentEngine.get().engine().rerun(taskId);
    }

    /** Forgets a dead letter; false if there is none. From where {@link #deadTasks} may be called. */
    public static CompletionStage<Boolean> discardDeadTask(long taskId) {
        return CurrentEngine.get().engine().discard(taskId);
    }

    /** What the program has done and does; from any worker. */
    public static Stats stats() {
        return CurrentEngine.get().engine().stats();
    }

    /** Replaces all child processes one by one, each by one that serves already when the old one ends; from any worker. */
    public static void reloadAll() {
        CurrentEngine.get().engine().reload(false);
    }

    /** Stops the whole program in order; from any worker. */
    public static void stopAll() {
        CurrentEngine.get().engine().shutdown();
    }

    void failed(TcpConnection connection, int code, String text) {
        TcpConnection.call(callbacks.error, connection, code, text);
    }

    String groupName() {
        return endpoint == null || !name.equals("none") ? name : endpoint.toString();
    }

    boolean runsTasks() {
        return !tasks.isEmpty() || !tasks.scheduleNames().isEmpty();
    }

    ResultCallbacks results() {
        return results;
    }

    Group group() {
        return new Group(
                groupName(),
                placement,
                count,
                placement == Placement.CHILDREN ? children() : 0,
                virtual,
                jvmOptions,
                runsTasks() ? Optional.of(taskSpec()) : Optional.empty(),
                _ -> callbacks.workerStart.on(this),
                _ -> callbacks.workerStop.on(this));
    }

    private int children() {
        return processes != 0 ? processes : runsTasks() ? Group.taskProcesses(count) : 1;
    }

    private TaskSpec taskSpec() {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("schedules " + tasks.scheduleNames() + " on worker " + groupName()
                    + ", which runs no tasks; give it onTask, or handle(SomeType.class, ...)");
        }
        return tasks.build();
    }

    Optional<Listener> listener() {
        return endpoint == null || protocol == null
                ? Optional.empty()
                : Optional.of(new Listener(endpoint, protocol, limits, groupName(), callbacks.handlers()));
    }
}
