package dev.shunt.server;

import dev.shunt.check.Check;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.Settings;
import dev.shunt.plan.WhenFull;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.task.TaskLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Server#set} changes, in Swoole's words; each method returns this. Every value has a default, and is
 * checked where it is given; whether all go together, when the server starts.
 */
public final class ServerSettings {

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
    int taskMaxRequest;
    int taskMaxRequestGrace = -1;
    Limits limits = Limits.DEFAULT;
    long maxConnectionMemory = Settings.DEFAULT_CONNECTION_MEMORY;
    ApplicationProtocol protocol = new Framing(new RawProtocol());
    Optional<Class<?>> childMain = Optional.empty();
    ProcessSettings processes = ProcessSettings.DEFAULT;
    boolean inProcess;

    ServerSettings() {}

    /**
     * Where {@code onReceive} and its siblings run: on the event loop (default), on slots in this process, or on slots in
     * children, which is Swoole's process mode.
     */
    public ServerSettings placement(Placement value) {
        placement = Check.given("placement", value);
        return this;
    }

    /** How many event loops, or event slots in the other placements. Default: 1 per 4 cores, or 1 slot per core. */
    public ServerSettings workerNum(int value) {
        workerNum = Check.count("workerNum", value, 0, "0 means the default");
        return this;
    }

    /** How many children host the event slots, with {@link Placement#CHILDREN}. Default 1. */
    public ServerSettings workerProcesses(int value) {
        workerProcesses = Check.count("workerProcesses", value, 1, "without, it is 1");
        return this;
    }

    /** How many tasks run at once. Default 0: no tasks. */
    public ServerSettings taskWorkerNum(int value) {
        taskWorkerNum = Check.count("taskWorkerNum", value, 0, "0 means no tasks");
        return this;
    }

    /**
     * How many children host the task slots, at most one per slot. Default: as many as slots or cores, whichever is
     * less.
     */
    public ServerSettings taskProcesses(int value) {
        taskProcesses = Check.count("taskProcesses", value, 0, "0 means the default");
        return this;
    }

    /** Where {@code onTask} runs: in children (default) or in this process. */
    public ServerSettings taskPlacement(Placement value) {
        taskPlacement = Check.given("taskPlacement", value);
        return this;
    }

    /** JVM options of the task children, such as {@code -Xmx1g}; they win over the defaults. */
    public ServerSettings taskJvmOptions(String... options) {
        taskJvmOptions = List.of(options);
        return this;
    }

    /** JVM options of the children that run {@code onReceive}. */
    public ServerSettings workerJvmOptions(String... options) {
        workerJvmOptions = List.of(options);
        return this;
    }

    /** Event slots in process or in children are virtual threads: a handler that waits holds no platform thread. */
    public ServerSettings virtualWorkers(boolean value) {
        virtualWorkers = value;
        return this;
    }

    /** Task slots are virtual threads. */
    public ServerSettings virtualTaskWorkers(boolean value) {
        virtualTaskWorkers = value;
        return this;
    }

    /** How long running work may take to finish when the server stops. Default 3 seconds, as in Swoole. */
    public ServerSettings maxWaitTime(Duration value) {
        maxWaitTime = Check.notNegative("maxWaitTime", value);
        return this;
    }

    /**
     * How many tasks may wait for each group of task slots; what becomes of one more, {@link #whenQueueFull} says.
     * Default 100,000.
     */
    public ServerSettings maxQueuedTasks(int value) {
        queue = new QueueLimit(Check.count("maxQueuedTasks", value, 1, "without, it is 100,000"), queue.whenFull());
        return this;
    }

    /** What becomes of a task that is submitted while as many wait as may. Default: it is rejected. */
    public ServerSettings whenQueueFull(WhenFull value) {
        queue = new QueueLimit(queue.maxTasks(), value);
        return this;
    }

    /**
     * Where durable tasks and dead letters are kept, such as {@code SqliteTaskLog.at(file)}. Default: dead letters in
     * memory.
     */
    public ServerSettings taskLog(TaskLog.Opener value) {
        taskLog = Optional.of(Check.given("taskLog", value));
        return this;
    }

    /** After how many tasks a task worker is replaced; what its process hosts counts together. Default 0: never. */
    public ServerSettings taskMaxRequest(int value) {
        taskMaxRequest = Check.count("taskMaxRequest", value, 0, "0 means never");
        return this;
    }

    /**
     * Up to so many tasks more per process, at random, so that not all are replaced at once. Default: half of
     * {@code taskMaxRequest} if that is above 10.
     */
    public ServerSettings taskMaxRequestGrace(int value) {
        taskMaxRequestGrace = Check.count("taskMaxRequestGrace", value, 0, "without, it is half of taskMaxRequest");
        return this;
    }

    /** How messages are cut out of the stream. Default: none, {@code onReceive} gets what has arrived. */
    public ServerSettings protocol(Protocol value) {
        return protocol(new Framing(value));
    }

    /** WebSocket is spoken, with these settings; {@code onReceive} gets its messages. */
    public ServerSettings protocol(WebSocketProtocol value) {
        return protocol(new WebSocket(value));
    }

    /** What is spoken, such as one of {@code Protocols.builtIn()}. */
    public ServerSettings protocol(ApplicationProtocol value) {
        protocol = Check.given("protocol", value);
        return this;
    }

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    public ServerSettings packageMaxLength(int bytes) {
        limits = limits.withMaxPackageBytes(Check.count("packageMaxLength", bytes, 1, "in bytes"));
        return this;
    }

    /** How much may wait to be sent on one connection; more is refused. Default 1 MiB. */
    public ServerSettings socketBufferSize(int bytes) {
        limits = limits.withMaxSendBytes(Check.count("socketBufferSize", bytes, 1, "in bytes"));
        return this;
    }

    /**
     * How long a message may take from its first byte to its last, and a second more for each 4 KiB of it; then its
     * connection is cut. Default 60 seconds.
     */
    public ServerSettings messageTimeout(Duration value) {
        limits = limits.withMessageTimeout(value);
        return this;
    }

    /** How long bytes may wait of which the peer takes none before its connection is cut. Default 60 seconds. */
    public ServerSettings sendTimeout(Duration value) {
        limits = limits.withSendTimeout(value);
        return this;
    }

    /** How many connections there may be; one more is closed at once. Default: no limit but that of descriptors. */
    public ServerSettings maxConnections(int value) {
        limits = limits.withMaxConnections(value);
        return this;
    }

    /**
     * How many bytes all connections of a process may hold together, of messages that are not whole and of what waits to be
     * sent; above it the one that holds most is cut. Default: a quarter of the heap.
     */
    public ServerSettings maxConnectionMemory(long bytes) {
        maxConnectionMemory = bytes;
        return this;
    }

    /** The class whose {@code main} children run, where the program's own cannot be run again (a test, Spring). */
    public ServerSettings childMain(Class<?> value) {
        childMain = Optional.of(Check.given("childMain", value));
        return this;
    }

    /**
     * Whether SIGTERM, SIGINT and SIGHUP stop the server in order, before the host's own handlers and the JVM's shutdown
     * hooks have their turn, and SIGUSR1 and SIGUSR2 reload. Default true; with false no handler is installed in this
     * process, and the host calls {@link Server#shutdown}.
     */
    public ServerSettings handleSignals(boolean value) {
        processes = processes.withHandleSignals(value);
        return this;
    }

    /**
     * Whether programs that handlers have started are killed with a child that dies or is killed, before what ran there
     * runs again or is {@code Lost}. Default true. Needs {@code /proc}.
     */
    public ServerSettings endSubprocesses(boolean value) {
        processes = processes.withEndSubprocesses(value);
        return this;
    }

    /** Everything in this process, without children: for debugging and unit tests. */
    public ServerSettings inProcess(boolean value) {
        inProcess = value;
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
}
