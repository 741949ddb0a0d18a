package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.engine.Engine;
import dev.shunt.launch.Launch;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.Slot;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.stats.Stats;
import dev.shunt.task.AnsweringTask;
import dev.shunt.task.DeadTask;
import dev.shunt.task.PayloadTask;
import dev.shunt.task.RateLimit;
import dev.shunt.task.Result;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.Task;
import dev.shunt.task.TaskBatch;
import dev.shunt.task.TaskCallback;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TypedTask;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private final TaskSpecBuilder tasks = new TaskSpecBuilder(Server::running);

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
        Launch.enter();
    }

    /** Changes settings: {@code server.set(settings -> settings.taskWorkerNum(4))}. */
    public Server set(Consumer<ServerSettings> change) {
        change.accept(settings);
        return this;
    }

    /** In the manager, when the server accepts. Tasks may be submitted here. */
    public Server onStart(Runnable callback) {
        callbacks.start = callback;
        return this;
    }

    /** In the manager, right after {@code onStart}: master and manager are one process here. */
    public Server onManagerStart(Runnable callback) {
        callbacks.managerStart = callback;
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
        tasks.untyped(callback);
        return this;
    }

    /** As {@link #onTask(TaskHandler)}, for a handler that returns nothing. */
    @SuppressWarnings("overloads") // a lambda with a block body says by itself whether it returns something
    public Server onTask(TaskCallback callback) {
        return onTask(callback.asHandler());
    }

    /**
     * Runs tasks whose payload is a {@code type}, in a task worker; others go to {@code onTask}. A payload that cannot be read
     * as one fails that task alone.
     */
    public <T> Server handle(Class<T> type, TypedTask<T> handler) {
        tasks.handle(type, handler);
        return this;
    }

    public <T> Server handle(Class<T> type, PayloadTask<T> handler) {
        return handle(type, (payload, _) -> handler.run(payload));
    }

    /** As {@link #handle}, for a handler that returns its result. */
    public <T> Server answer(Class<T> type, AnsweringTask<T> handler) {
        tasks.answer(type, handler);
        return this;
    }

    /** How many tasks of a type may start in a time; declared with {@link #handle} or {@link #answer}. */
    public Server rateLimit(Class<?> type, int count, Duration per) {
        tasks.rate(type, new RateLimit(count, per));
        return this;
    }

    /** Decides, in the task worker, whether a task whose handler threw is run again. Default: its options do. */
    public Server onTaskError(RetryDecision decision) {
        tasks.retry(decision);
        return this;
    }

    /**
     * Submits a task whenever an expression of cron is due, by this machine's clock and time zone: minute, hour, day of month,
     * month, day of week, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}. The manager
     * alone keeps schedules, so that a reload neither repeats nor skips a run.
     *
     * <ul>
     *   <li>{@code task} is called in the manager, where {@code onStart} runs, and must not block there. What it returns is
     *       submitted as by {@link #task(Object)}, and its result goes to {@code onFinish} or {@code onTaskFailed} there. If it
     *       throws, that is logged, and there is no task this time.
     *   <li>While the task of the time before has not ended, a new one is {@link Result.Rejected}: it has the unique key
     *       {@code schedule:NAME}, unless the options have one of their own.
     *   <li>What was due while the program was down, or its machine asleep, or {@code task} busy, is not made up for.
     *   <li>A local time that a change to summer time leaves out is due as soon as it has been left out; one that comes twice
     *       in autumn is due the first time only. Expressions with {@code *} for the hour are due in each hour that there is.
     *   <li>If the clock is set, the new time counts, within a minute; a time that was due once is not due again.
     *   <li>Once a stop has begun, nothing is due any more.
     * </ul>
     *
     * @throws IllegalArgumentException if the expression is none, or there is a schedule of that name
     * @throws IllegalStateException if the server has started
     */
    public Server schedule(String name, String cron, Supplier<? extends @Nullable Object> task) {
        refuseIfStarted(name);
        tasks.schedule(name, cron, task);
        return this;
    }

    /** As the other one, in a time zone, and with options for each of its tasks. */
    public Server schedule(
            String name, String cron, ZoneId zone, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        refuseIfStarted(name);
        tasks.schedule(name, cron, zone, options, task);
        return this;
    }

    /** As the other ones, again and again: first {@code interval} after the start. The clock may be set meanwhile. */
    public Server schedule(String name, Duration interval, Supplier<? extends @Nullable Object> task) {
        return schedule(name, interval, TaskOptions.DEFAULT, task);
    }

    public Server schedule(
            String name, Duration interval, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        refuseIfStarted(name);
        tasks.schedule(name, interval, options, task);
        return this;
    }

    private void refuseIfStarted(String schedule) {
        if (engine != null) {
            throw new IllegalStateException("schedule '" + schedule
                    + "' comes too late: schedules are part of the program, declare them before start()");
        }
    }

    private static TaskHandler running(TaskHandler handler) {
        return task -> ScopedValue.where(RUNNING, task).call(() -> handler.run(task));
    }

    /**
     * On the worker that asked, for each result: of every {@link Task#finish}, and of what a handler returns; without
     * either once, with empty data, when the task has ended well. Not for tasks with a callback or handle of their own.
     */
    public Server onFinish(Consumer<Result.Done> callback) {
        callbacks.results.onFinish(callback);
        return this;
    }

    /** On the worker that asked, for each task that did not end well. Default: a line in the log. */
    public Server onTaskFailed(Consumer<Result> callback) {
        callbacks.results.onTaskFailed(callback);
        return this;
    }

    /** In the worker of that id, a message that another worker sent with {@link #sendMessage}. */
    public Server onPipeMessage(PipeMessageCallback callback) {
        callbacks.pipeMessage = callback;
        return this;
    }

    /** In the manager: four fifths of the tasks that may wait do. Not again before {@link #onTaskQueueDrain}. */
    public Server onTaskQueueFull(Consumer<Stats> callback) {
        callbacks.queueFull = callback;
        return this;
    }

    /** In the manager: the queue was full, and now fewer than half of the tasks that may wait do. */
    public Server onTaskQueueDrain(Consumer<Stats> callback) {
        callbacks.queueDrain = callback;
        return this;
    }

    /** Hands data to a task worker and returns the task's id at once: bytes, text, or a record or POJO for the codec. */
    public long task(Object data) {
        return task(data, TaskOptions.DEFAULT);
    }

    /** As {@link #task(Object)}; the callback gets the result on this worker, in place of {@code onFinish}. */
    public long task(Object data, Consumer<Result> callback) {
        return task(data, TaskOptions.DEFAULT, callback);
    }

    /** As {@link #task(Object)}, for one task worker: 0 to {@code taskWorkerNum} - 1, not a worker id; negative for any. */
    public long task(Object data, int taskWorkerIndex) {
        return task(data, TaskOptions.DEFAULT.slot(taskWorkerIndex));
    }

    public long task(Object data, int taskWorkerIndex, Consumer<Result> callback) {
        return task(data, TaskOptions.DEFAULT.slot(taskWorkerIndex), callback);
    }

    public long task(Object data, TaskOptions options) {
        return engine().submit(tasks.submission(data, options), null);
    }

    public long task(Object data, TaskOptions options, Consumer<Result> callback) {
        return engine().submit(tasks.submission(data, options), callback::accept);
    }

    /** Hands a task to a task worker and returns what follows it: its result, its progress, that it is stored, cancelling it. */
    public TaskHandle submit(Object task) {
        return submit(task, TaskOptions.DEFAULT);
    }

    public TaskHandle submit(Object task, TaskOptions options) {
        return engine().start(tasks.submission(task, options));
    }

    /** Submits tasks that belong together; {@link TaskBatch#results} completes when all have ended. */
    public TaskBatch submitAll(List<?> batch, TaskOptions options) {
        return new TaskBatch(batch.stream().map(task -> submit(task, options)).toList());
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
        return taskWait(data, timeout, -1);
    }

    /** As {@link #taskWait(Object, Duration)}, for one task worker, as in {@link #task(Object, int)}. */
    public Result taskWait(Object data, Duration timeout, int taskWorkerIndex) {
        return engine().await(tasks.submission(data, TaskOptions.DEFAULT.slot(taskWorkerIndex)), timeout);
    }

    /** As the other one, for up to {@link #TASK_WAIT}. */
    public Map<Integer, Result> taskWaitMulti(List<?> data) {
        return taskWaitMulti(data, TASK_WAIT);
    }

    /**
     * Runs tasks and waits for all their results on this thread: by the index of the task, missing where it did not end
     * within {@code timeout}. As many as you like.
     *
     * @throws IllegalStateException on an event loop; there use {@link #taskCo}
     */
    public Map<Integer, Result> taskWaitMulti(List<?> data, Duration timeout) {
        var results = engine().await(
                        data.stream()
                                .map(task -> tasks.submission(task, TaskOptions.DEFAULT))
                                .toList(),
                        timeout);
        var byIndex = new TreeMap<Integer, Result>();
        for (int i = 0; i < results.size(); i++) {
            if (!(results.get(i) instanceof Result.TimedOut)) {
                byIndex.put(i, results.get(i));
            }
        }
        return byIndex;
    }

    /** As the other one, for up to {@link #TASK_WAIT}. */
    public CompletionStage<List<Result>> taskCo(List<?> data) {
        return taskCo(data, TASK_WAIT);
    }

    /**
     * Runs tasks without waiting: completes on this worker with all results, in the order of the tasks,
     * {@link Result.TimedOut} for those that have not ended after {@code timeout}, which does not stop them.
     */
    public CompletionStage<List<Result>> taskCo(List<?> data, Duration timeout) {
        return Gathering.of(
                engine(),
                data.stream()
                        .map(task -> tasks.submission(task, TaskOptions.DEFAULT))
                        .toList(),
                timeout);
    }

    /**
     * Sends something to another worker, of any process, whose {@code onPipeMessage} gets it.
     *
     * @param workerId event workers from 0, task workers after them
     * @return false if that is the worker that calls
     * @throws IllegalArgumentException if there is no such worker, or the message cannot be encoded
     */
    public boolean sendMessage(Object message, int workerId) {
        return engine().post(workerId, Data.of(message));
    }

    /**
     * Dead letters in the order of their ids, from the first id above {@code afterId} on; -1 for all. From event workers of
     * placement {@code EVENT_LOOP} or {@code IN_PROCESS}, {@code onStart} and threads of the program's own in the manager; fails if
     * the program has stopped.
     *
     * @throws IllegalStateException in a child, which has none: what it wants of them it must ask of a worker in the manager
     */
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        return engine().deadTasks(afterId, limit);
    }

    /** Runs a dead letter again, from its first attempt; its result goes to {@code onFinish}. False if there is none. */
    public CompletionStage<Boolean> rerunDeadTask(long taskId) {
        return engine().rerun(taskId);
    }

    /** Forgets a dead letter; false if there is none of that id. In the manager only. */
    public CompletionStage<Boolean> discardDeadTask(long taskId) {
        return engine().discard(taskId);
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

    /**
     * Replaces all worker processes one by one, each by one that serves already when the old one ends; new ones load the
     * classes that are on disk then. From any worker; returns at once. Calls while one is under way make one more.
     */
    public void reload() {
        engine().reload(false);
    }

    /** As {@link #reload}, for task worker processes only. */
    public void reloadTasks() {
        engine().reload(true);
    }

    /** Ends the server in order, from any worker; returns at once. */
    public void shutdown() {
        engine().shutdown();
    }

    /** Runs the server until it is shut down. In a child process it does not return. */
    public void start() {
        Launch.run(plan(), started -> engine = started);
    }

    /** Instead of {@link #start}, for tests: gives the plan to another engine and uses that from now on; returns at once. */
    public void startOn(Function<Plan, Engine> other) {
        engine = other.apply(plan());
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
        } else if (!tasks.scheduleNames().isEmpty()) {
            throw new IllegalStateException("schedules " + tasks.scheduleNames()
                    + " without task workers; set taskWorkerNum above 0, and an onTask handler");
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
                new Settings(loops, settings.maxWaitTime, settings.queue, settings.taskLog, settings.childMain),
                callbacks);
        return settings.inProcess ? plan.inProcess() : plan;
    }

    private Group taskGroup() {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("taskWorkerNum is " + settings.taskWorkerNum
                    + " but onTask is missing; set it with server.onTask(task -> ...), or handle(SomeType.class, ...)");
        }
        tasks.maxRuns(settings.taskMaxRequest, settings.taskMaxRequestGrace);
        return new Group(
                TASK_GROUP,
                settings.taskPlacement,
                settings.taskWorkerNum,
                settings.taskChildren(),
                false,
                settings.taskJvmOptions,
                Optional.of(tasks.build()),
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
