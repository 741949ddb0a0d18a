package dev.shunt.worker;

import dev.shunt.bus.Bus;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.check.Check;
import dev.shunt.command.Commands;
import dev.shunt.data.Codec;
import dev.shunt.engine.Engine;
import dev.shunt.launch.Launch;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SharedLimit;
import dev.shunt.plan.WhenFull;
import dev.shunt.protocol.Protocols;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the statics of {@link Worker}, as in Workerman: the workers constructed and the protocols
 * registered in this process. The one place with mutable statics.
 */
final class Program {

    private static final List<WorkerSettings> WORKERS = new CopyOnWriteArrayList<>();
    private static final Map<String, ApplicationProtocol> PROTOCOLS = new ConcurrentHashMap<>(Protocols.builtIn());

    private static volatile QueueLimit queue = QueueLimit.DEFAULT;
    private static volatile Optional<TaskLog.Opener> taskLog = Optional.empty();
    private static volatile Optional<TaskQueue.Opener> taskQueue = Optional.empty();
    private static volatile Duration maxWaitTime = Settings.DEFAULT.stopDeadline();
    private static volatile long maxConnectionMemory = Settings.DEFAULT_CONNECTION_MEMORY;
    private static volatile Optional<Class<?>> childMain = Optional.empty();
    private static volatile ProcessSettings processes = ProcessSettings.DEFAULT;
    private static volatile SharedLimit sharedLimit = SharedLimit.DEFAULT;
    private static volatile Codec codec = Codec.json();
    private static volatile boolean inProcess;
    private static volatile boolean begun;
    private static volatile @Nullable Engine engine;

    private Program() {}

    static void add(WorkerSettings worker) {
        refuseIfRunning("new Worker(...)");
        WORKERS.add(worker);
    }

    static void register(String scheme, ApplicationProtocol protocol) {
        refuseIfRunning("protocol \"" + scheme + "\"");
        PROTOCOLS.put(Check.name("protocol", scheme).toLowerCase(Locale.ROOT), Check.given("protocol", protocol));
    }

    static void taskLog(TaskLog.Opener value) {
        refuseIfRunning("taskLog");
        taskLog = Optional.of(Check.given("taskLog", value));
    }

    static void taskQueue(TaskQueue.Opener value) {
        refuseIfRunning("taskQueue");
        taskQueue = Optional.of(Check.given("taskQueue", value));
    }

    static void bus(Bus.Opener value) {
        refuseIfRunning("bus");
        processes = processes.withBus(Check.given("bus", value));
    }

    static void maxQueuedTasks(int value) {
        refuseIfRunning("maxQueuedTasks");
        queue = queue.withMaxTasks(value);
    }

    static void maxQueuedBytes(long value) {
        refuseIfRunning("maxQueuedBytes");
        queue = queue.withMaxBytes(value);
    }

    static void maxDelayedTasks(int value) {
        refuseIfRunning("maxDelayedTasks");
        queue = queue.withMaxDelayed(value);
    }

    static void maxDelayedBytes(long value) {
        refuseIfRunning("maxDelayedBytes");
        queue = queue.withMaxDelayedBytes(value);
    }

    static void maxResultBytes(long value) {
        refuseIfRunning("maxResultBytes");
        queue = queue.withMaxResultBytes(value);
    }

    static void whenQueueFull(WhenFull value) {
        refuseIfRunning("whenQueueFull");
        queue = queue.withWhenFull(value);
    }

    static void maxWaitTime(Duration value) {
        refuseIfRunning("maxWaitTime");
        maxWaitTime = Check.notNegative("maxWaitTime", value);
    }

    static void maxConnectionMemory(long bytes) {
        refuseIfRunning("maxConnectionMemory");
        maxConnectionMemory = Check.bytes("maxConnectionMemory", bytes);
    }

    static void sharedMap(SharedLimit value) {
        refuseIfRunning("sharedMap");
        sharedLimit = value;
    }

    static void childMain(Class<?> value) {
        refuseIfRunning("childMain");
        childMain = Optional.of(Check.given("childMain", value));
    }

    static void handleSignals(boolean value) {
        refuseIfRunning("handleSignals");
        processes = processes.withHandleSignals(value);
    }

    static void endSubprocesses(boolean value) {
        refuseIfRunning("endSubprocesses");
        processes = processes.withEndSubprocesses(value);
    }

    static void payloadMemory(long bytes) {
        refuseIfRunning("payloadMemory");
        processes = processes.withPayloadMemory(bytes);
    }

    static void control(String call, UnaryOperator<ControlSettings> change) {
        refuseIfRunning(call);
        processes = processes.withControl(Check.given(call, change).apply(processes.control()));
    }

    static void codec(Codec value) {
        refuseIfRunning("codec");
        codec = Check.given("codec", value);
    }

    static void inProcess(boolean value) {
        refuseIfRunning("inProcess");
        inProcess = value;
    }

    /** The engine that runs the workers of this process. */
    static Engine engine() {
        Engine present = engine;
        if (present == null) {
            throw new IllegalStateException("the program does not run; call Worker.runAll() first, and this from a"
                    + " callback or onWorkerStart");
        }
        return present;
    }

    static void refuseIfRunning(String call) {
        if (begun) {
            throw new IllegalStateException(
                    call + " comes too late: it is part of the program, say it before Worker.runAll()");
        }
    }

    static ApplicationProtocol protocolToListen(Endpoint endpoint) {
        if (endpoint.scheme().equals("ws")) {
            throw new IllegalArgumentException(endpoint + ": ws is for clients; listen on websocket://");
        }
        if (endpoint.scheme().equals("wss")) {
            throw new IllegalArgumentException(
                    endpoint + ": wss is for clients; listen on websocket://, with ssl(Tls.server(chain, key))");
        }
        return protocol(endpoint);
    }

    static ApplicationProtocol protocolToConnect(Endpoint endpoint) {
        if (endpoint.scheme().equals("websocket")) {
            throw new IllegalArgumentException(endpoint + ": websocket is for servers; connect to ws://");
        }
        if (endpoint.scheme().equals("udp")) {
            throw new IllegalArgumentException(
                    endpoint + ": udp is for those who listen; send with the JDK's DatagramChannel, or sendTo(...)");
        }
        var spoken = protocol(endpoint);
        if (spoken.hasRequests()) {
            throw new IllegalArgumentException(endpoint + ": HTTP is for servers here; as a client take"
                    + " java.net.http.HttpClient, in a task if it may wait");
        }
        return spoken;
    }

    static void runAll(String... args) {
        Commands.run(args, Program::run);
    }

    private static void run() {
        if (WORKERS.isEmpty()) {
            throw new IllegalStateException(
                    "no worker to run; construct one with new Worker(\"text://0.0.0.0:12345\")");
        }
        begin("runAll");
        var workers = List.copyOf(WORKERS);
        try {
            Launch.run(plan(workers), Launch.start("the workers"), running -> engine = running);
        } finally {
            if (workers.getFirst().ran) {
                end(workers);
            }
            engine = null;
            begun = false;
        }
    }

    /** From here on nothing is declared any more. */
    private static synchronized void begin(String call) {
        if (begun) {
            throw new IllegalStateException(
                    call + ": the program of this process runs already; all of its workers run in one");
        }
        begun = true;
    }

    /** They have run, and run once; the next program has workers of its own. */
    private static void end(List<WorkerSettings> workers) {
        workers.forEach(worker -> worker.over = true);
        WORKERS.removeAll(workers);
    }

    /** As {@link #runAll}, for these workers, on an engine that is made for their plan; the result ends it. */
    static Runnable startOn(List<WorkerSettings> workers, Function<? super Plan, ? extends Engine> other) {
        begin("startOn");
        try {
            workers.forEach(worker -> worker.refuseIfOver("startOn"));
            engine = other.apply(plan(workers));
        } catch (RuntimeException | Error e) {
            begun = false;
            throw e;
        }
        return () -> {
            end(workers);
            engine = null;
            begun = false;
        };
    }

    static Plan plan(List<WorkerSettings> workers) {
        var listeners = workers.stream().flatMap(w -> w.listener().stream()).toList();
        var groups = workers.stream().map(WorkerSettings::group).toList();
        int loops = groups.stream()
                .filter(group -> group.placement() == Placement.EVENT_LOOP)
                .mapToInt(Group::slots)
                .max()
                .orElse(Settings.DEFAULT_LOOPS);
        var settings = new Settings(loops, maxWaitTime, queue, taskLog, maxConnectionMemory, childMain, processes)
                .withTaskQueue(taskQueue)
                .withCodec(codec)
                .withShared(sharedLimit);
        var plan = new Plan(groups, listeners, settings, new ProgramHooks(workers, hearingOfTasks(workers)));
        return inProcess ? plan.inProcess() : plan;
    }

    static WithoutEffect withoutEffect(List<WorkerSettings> workers) {
        var none = new WithoutEffect();
        workers.forEach(worker -> worker.withoutEffect(none, inProcess));
        boolean children = !inProcess && workers.stream().anyMatch(worker -> worker.placement == Placement.CHILDREN);
        none.add(childMain.isPresent() && !children, "childMain(...)", "there are no children");
        if (workers.stream().noneMatch(WorkerSettings::runsTasks)) {
            String nothing = "nothing runs tasks";
            none.add(taskLog.isPresent(), "taskLog(...)", nothing)
                    .add(taskQueue.isPresent(), "taskQueue(...)", nothing)
                    .add(queue.maxTasks() != QueueLimit.DEFAULT.maxTasks(), "maxQueuedTasks(...)", nothing)
                    .add(queue.whenFull() != QueueLimit.DEFAULT.whenFull(), "whenQueueFull(...)", nothing);
        }
        return none;
    }

    /** The worker whose callbacks hear of tasks, which is one at most. */
    private static Optional<WorkerSettings> hearingOfTasks(List<WorkerSettings> workers) {
        var hearing =
                workers.stream().filter(worker -> worker.shared.hearsOfTasks()).toList();
        if (hearing.size() > 1) {
            throw new IllegalStateException("workers "
                    + hearing.stream().map(WorkerSettings::groupName).collect(Collectors.joining(" and "))
                    + " all have callbacks that hear of tasks; set onFinish, onTaskFailed, onTaskQueueFull and"
                    + " onTaskQueueDrain on one of them, which hears of the tasks of all");
        }
        return Stream.concat(hearing.stream(), workers.stream().filter(WorkerSettings::runsTasks))
                .findFirst();
    }

    private static ApplicationProtocol protocol(Endpoint endpoint) {
        ApplicationProtocol known = PROTOCOLS.get(endpoint.scheme());
        if (known == null) {
            throw new IllegalArgumentException(endpoint + ": no protocol '" + endpoint.scheme() + "'; known are "
                    + String.join(", ", new TreeSet<>(PROTOCOLS.keySet()))
                    + ", others are added with Worker.protocol(\"" + endpoint.scheme() + "\", ...)");
        }
        return known;
    }
}
