package dev.shunt.server;

import dev.shunt.calls.ControlDeclarations;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.Recycling;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SharedLimit;
import dev.shunt.plan.WhenFull;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What {@link Server#set} changes, in Swoole's words; each method returns this. Those of addresses concern the server's own. Every value has a default, and is
 * checked where it is given; whether all go together, when the server starts.
 */
public final class ServerSettings
        implements AddressDeclarations<ServerSettings>,
                ControlDeclarations<ServerSettings>,
                ChildSettings<ServerSettings> {

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    Placement placement = Placement.EVENT_LOOP;
    Placement taskPlacement = Placement.CHILDREN;
    int workerNum;
    int workerProcesses = 1;
    int taskWorkerNum;
    int taskProcesses;
    boolean virtualWorkers;
    boolean virtualTaskWorkers;
    List<String> workerJvmOptions = List.of();
    List<String> taskJvmOptions = List.of();
    Duration maxWaitTime = Settings.DEFAULT.stopDeadline();
    QueueLimit queue = QueueLimit.DEFAULT;
    Optional<TaskLog.Opener> taskLog = Optional.empty();
    Optional<TaskQueue.Opener> taskQueue = Optional.empty();
    int taskMaxRequest;
    int taskMaxRequestGrace = -1;
    long maxConnectionMemory = Settings.DEFAULT_CONNECTION_MEMORY;
    Optional<Class<?>> childMain = Optional.empty();
    ProcessSettings processes = ProcessSettings.DEFAULT;
    boolean inProcess;
    SharedLimit sharedLimit = SharedLimit.DEFAULT;
    Recycling recycling = Recycling.NEVER;
    Recycling taskRecycling = Recycling.NEVER;
    Codec codec = Codec.json();

    /** Of the server's own address; others begin with them. */
    final AddressOptions address;

    final Consumer<String> changing;

    /** @param changing called with the name of a setting before it is changed; throws if that comes too late */
    ServerSettings(Consumer<String> changing) {
        this.changing = changing;
        address = new AddressOptions(changing);
    }

    /**
     * Where {@code onReceive} and its siblings run: on the event loop (default), on slots in this process, or on slots in
     * children, which is Swoole's process mode.
     */
    public ServerSettings placement(Placement value) {
        changing.accept("placement");
        placement = Check.given("placement", value);
        return this;
    }

    /** How many event loops, or event slots in the other placements. Default: 1 per 4 cores, or 1 slot per core. */
    public ServerSettings workerNum(int value) {
        changing.accept("workerNum");
        workerNum = Check.count("workerNum", value, 0, "0 means the default");
        return this;
    }

    /** How many children host the event slots, with {@link Placement#CHILDREN}. Default 1. */
    public ServerSettings workerProcesses(int value) {
        changing.accept("workerProcesses");
        workerProcesses = Check.count("workerProcesses", value, 1, "without, it is 1");
        return this;
    }

    /** How many tasks run at once. Default 0: no tasks. */
    public ServerSettings taskWorkerNum(int value) {
        changing.accept("taskWorkerNum");
        taskWorkerNum = Check.count("taskWorkerNum", value, 0, "0 means no tasks");
        return this;
    }

    /**
     * How many children host the task slots, at most one per slot. Default: as many as slots or cores, whichever is
     * less.
     */
    public ServerSettings taskProcesses(int value) {
        changing.accept("taskProcesses");
        taskProcesses = Check.count("taskProcesses", value, 0, "0 means the default");
        return this;
    }

    /** Where {@code onTask} runs: in children (default) or in this process. */
    public ServerSettings taskPlacement(Placement value) {
        changing.accept("taskPlacement");
        taskPlacement = Check.given("taskPlacement", value);
        return this;
    }

    /** JVM options of the task children, such as {@code -Xmx1g}; they win over the defaults. */
    public ServerSettings taskJvmOptions(String... options) {
        changing.accept("taskJvmOptions");
        taskJvmOptions = Check.all("taskJvmOptions", options);
        return this;
    }

    /** JVM options of the children that run {@code onReceive}. */
    public ServerSettings workerJvmOptions(String... options) {
        changing.accept("workerJvmOptions");
        workerJvmOptions = Check.all("workerJvmOptions", options);
        return this;
    }

    /** Event slots in process or in children are virtual threads: a handler that waits holds no platform thread. */
    public ServerSettings virtualWorkers(boolean value) {
        changing.accept("virtualWorkers");
        virtualWorkers = value;
        return this;
    }

    /** Task slots are virtual threads. */
    public ServerSettings virtualTaskWorkers(boolean value) {
        changing.accept("virtualTaskWorkers");
        virtualTaskWorkers = value;
        return this;
    }

    /** How long running work may take to finish when the server stops. Default 3 seconds, as in Swoole. */
    public ServerSettings maxWaitTime(Duration value) {
        changing.accept("maxWaitTime");
        maxWaitTime = Check.notNegative("maxWaitTime", value);
        return this;
    }

    /**
     * How many tasks may wait for a slot in each group of task slots; what becomes of one more, {@link #whenQueueFull}
     * says. Default 100,000.
     */
    public ServerSettings maxQueuedTasks(int value) {
        changing.accept("maxQueuedTasks");
        queue = queue.withMaxTasks(Check.count("maxQueuedTasks", value, 1, "without, it is 100,000"));
        return this;
    }

    /**
     * How many bytes the tasks of each group may have that wait for a slot or run, 256 for each task and its payload. One
     * task may have more. Default: a quarter of the heap for all groups together.
     */
    public ServerSettings maxQueuedBytes(long value) {
        changing.accept("maxQueuedBytes");
        queue = queue.withMaxBytes(value);
        return this;
    }

    /**
     * How many tasks of each group may wait in memory for their time (delay, back-off) or their turn (ordering key,
     * unique key), beside those for a slot. More of the former are rejected or spilled, never waited for. Default
     * 100,000.
     */
    public ServerSettings maxDelayedTasks(int value) {
        changing.accept("maxDelayedTasks");
        queue = queue.withMaxDelayed(value);
        return this;
    }

    /** How many bytes those may have. Default: an eighth of the heap for all groups together. */
    public ServerSettings maxDelayedBytes(long value) {
        changing.accept("maxDelayedBytes");
        queue = queue.withMaxDelayedBytes(value);
        return this;
    }

    /**
     * How many bytes of results may wait for each slot that asked for them and is busy: while more do, further tasks that it
     * has asked for do not begin. Default: 64 MiB, or a sixteenth of the heap if that is less.
     */
    public ServerSettings maxResultBytes(long value) {
        changing.accept("maxResultBytes");
        queue = queue.withMaxResultBytes(value);
        return this;
    }

    /** What becomes of a task that is submitted while as many wait as may. Default: it is rejected. */
    public ServerSettings whenQueueFull(WhenFull value) {
        changing.accept("whenQueueFull");
        queue = queue.withWhenFull(value);
        return this;
    }

    /**
     * Where durable tasks and dead letters are kept, such as {@code SqliteTaskLog.at(file)}. Default: dead letters in
     * memory.
     */
    public ServerSettings taskLog(TaskLog.Opener value) {
        changing.accept("taskLog");
        taskLog = Optional.of(Check.given("taskLog", value));
        return this;
    }

    /** Where durable tasks are kept that nodes share, such as {@code PostgresTaskQueue.at(url)}, in place of a log. */
    public ServerSettings taskQueue(TaskQueue.Opener value) {
        changing.accept("taskQueue");
        taskQueue = Optional.of(Check.given("taskQueue", value));
        return this;
    }

    /**
     * After how many tasks a task worker is replaced; what its process hosts counts together, and never gets more. In
     * children only. Default 0: never.
     */
    public ServerSettings taskMaxRequest(int value) {
        changing.accept("taskMaxRequest");
        taskMaxRequest = Check.count("taskMaxRequest", value, 0, "0 means never");
        return this;
    }

    /**
     * Up to so many tasks more per process, at random, so that not all are replaced at once. Default: half of
     * {@code taskMaxRequest} if that is above 10.
     */
    public ServerSettings taskMaxRequestGrace(int value) {
        changing.accept("taskMaxRequestGrace");
        taskMaxRequestGrace = Check.count("taskMaxRequestGrace", value, 0, "without, it is half of taskMaxRequest");
        return this;
    }

    /** Bytes that all connections of a process may hold; above it the one with most is cut. Default: a quarter of the heap. */
    public ServerSettings maxConnectionMemory(long bytes) {
        changing.accept("maxConnectionMemory");
        maxConnectionMemory = Check.bytes("maxConnectionMemory", bytes);
        return this;
    }

    /** The class whose {@code main} children run, where the program's own cannot be run again (a test, Spring). */
    public ServerSettings childMain(Class<?> value) {
        changing.accept("childMain");
        childMain = Optional.of(Check.given("childMain", value));
        return this;
    }

    /** Turns objects of tasks, results and messages between workers into bytes and back. Default: {@link Codec#json}. */
    public ServerSettings codec(Codec value) {
        changing.accept("codec");
        codec = Check.given("codec", value);
        return this;
    }

    /** Everything in this process, without children: for debugging and unit tests. */
    public ServerSettings inProcess(boolean value) {
        changing.accept("inProcess");
        inProcess = value;
        return this;
    }

    @Override
    public ServerSettings recycling(String call, UnaryOperator<Recycling> change) {
        changing.accept(call);
        recycling = change.apply(recycling);
        return this;
    }

    @Override
    public ServerSettings taskRecycling(String call, UnaryOperator<Recycling> change) {
        changing.accept(call);
        taskRecycling = change.apply(taskRecycling);
        return this;
    }

    @Override
    public ServerSettings sharedLimit(String call, UnaryOperator<SharedLimit> change) {
        changing.accept(call);
        sharedLimit = change.apply(sharedLimit);
        return this;
    }

    @Override
    public ServerSettings processes(String call, UnaryOperator<ProcessSettings> change) {
        changing.accept(call);
        processes = change.apply(processes);
        return this;
    }

    int eventSlots() {
        return workerNum != 0 ? workerNum : placement == Placement.EVENT_LOOP ? Settings.DEFAULT_LOOPS : CORES;
    }

    int taskChildren() {
        return taskPlacement == Placement.CHILDREN
                ? (taskProcesses == 0 ? Group.taskProcesses(taskWorkerNum) : taskProcesses)
                : 0;
    }

    /** @param handlersBesideGroups whether there are handlers for {@code taskWorkerNum} slots */
    WithoutEffect withoutEffect(boolean handlersBesideGroups, Collection<TaskGroup> groups) {
        var none = new WithoutEffect();
        boolean eventsHere = inProcess || placement != Placement.CHILDREN;
        String here = "these slots are in this process";
        none.add(eventsHere && workerProcesses != 1, "workerProcesses(" + workerProcesses + ")", here)
                .add(eventsHere && !workerJvmOptions.isEmpty(), "workerJvmOptions(...)", here)
                .add(eventsHere && !recycling.equals(Recycling.NEVER), "maxRequest, workerMaxMemory", here)
                .add(virtualWorkers && placement == Placement.EVENT_LOOP, "virtualWorkers(true)", "on event loops");
        boolean tasksHere = inProcess || taskPlacement != Placement.CHILDREN;
        if (taskWorkerNum == 0) {
            String noTasks = "taskWorkerNum is 0";
            none.add(handlersBesideGroups, "handlers of tasks", noTasks)
                    .add(taskPlacement != Placement.CHILDREN, "taskPlacement(" + taskPlacement + ")", noTasks)
                    .add(virtualTaskWorkers, "virtualTaskWorkers(true)", noTasks);
            taskProcessSettings(none, noTasks);
        } else if (tasksHere) {
            taskProcessSettings(none, here);
        } else {
            none.add(taskMaxRequestGrace > 0 && taskMaxRequest == 0, grace(), "taskMaxRequest is 0");
        }
        groups.forEach(group -> group.withoutEffect(none, inProcess));
        boolean children = !eventsHere
                || (taskWorkerNum > 0 && !tasksHere)
                || (!inProcess && groups.stream().anyMatch(TaskGroup::isInChildren));
        none.add(childMain.isPresent() && !children, "childMain(...)", "there are no children");
        if (taskWorkerNum == 0 && groups.isEmpty()) {
            String nothing = "nothing runs tasks";
            none.add(taskLog.isPresent(), "taskLog(...)", nothing)
                    .add(taskQueue.isPresent(), "taskQueue(...)", nothing)
                    .add(queue.maxTasks() != QueueLimit.DEFAULT.maxTasks(), "maxQueuedTasks(...)", nothing)
                    .add(queue.whenFull() != QueueLimit.DEFAULT.whenFull(), "whenQueueFull(...)", nothing);
        }
        return none;
    }

    private void taskProcessSettings(WithoutEffect none, String why) {
        none.add(taskProcesses != 0, "taskProcesses(" + taskProcesses + ")", why)
                .add(!taskJvmOptions.isEmpty(), "taskJvmOptions(...)", why)
                .add(taskMaxRequest != 0, "taskMaxRequest(" + taskMaxRequest + ")", why)
                .add(taskMaxRequestGrace > 0, grace(), why);
    }

    private String grace() {
        return "taskMaxRequestGrace(" + taskMaxRequestGrace + ")";
    }
}
