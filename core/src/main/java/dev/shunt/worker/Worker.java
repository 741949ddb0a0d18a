package dev.shunt.worker;

import dev.shunt.bus.Bus;
import dev.shunt.calls.ControlDeclarations;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.ProgramCalls;
import dev.shunt.calls.ProgramDeclarations;
import dev.shunt.calls.TaskCalls;
import dev.shunt.calls.TaskDeclarations;
import dev.shunt.calls.WebDeclarations;
import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.launch.Launch;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Protocol;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.plan.WhenFull;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue;
import dev.shunt.worker.WorkerSettings.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A worker in Workerman's words: an address to listen on, callbacks, and how many slots run them. Construct one or more,
 * then {@link #runAll} runs them all. Handlers may block: by default they run on {@code count} slots of one child process,
 * and no message waits while a slot is free. Code before {@code runAll} runs in every process; what only workers need
 * belongs into {@link #onWorkerStart}.
 */
public final class Worker
        implements TaskCalls,
                ProgramCalls,
                TaskDeclarations<Worker>,
                ProgramDeclarations<Worker>,
                WebDeclarations<Worker>,
                TcpConnection.Declarations,
                LimitDeclarations {

    /** Called on a worker's slot; {@link Worker#id} tells which. */
    @FunctionalInterface
    public interface WorkerCallback {

        void on(Worker worker) throws Exception;
    }

    private final TcpConnection.Accepted connections = new TcpConnection.Accepted(this);
    private final WorkerSettings settings;
    private final FaceState<Worker> state;
    private WorkerCallback workerStart = _ -> {};
    private WorkerCallback workerStop = _ -> {};

    /** A worker that listens nowhere: it may run tasks, and {@link #onWorkerStart} may run timers and open connections. */
    public Worker() {
        this(Optional.empty());
    }

    /**
     * @param address {@code scheme://host:port}, the scheme being tcp, ssl, udp, text, frame, http, https, websocket, or one
     *     given to {@link #protocol}; or {@code unix:///file}, and {@code scheme:///file} for another scheme than unix
     * @throws IllegalArgumentException if the address cannot be read or nothing is known of its scheme
     */
    public Worker(String address) {
        this(Optional.of(Address.of(address)));
    }

    private Worker(Optional<Address> address) {
        settings = new WorkerSettings(address, connections, _ -> workerStart.on(this), _ -> workerStop.on(this));
        state = new FaceState<>(this, new WorkerFace(settings), settings.tasks, settings.shared);
        settings.state = state;
        connections.hear(state.web(), settings.speaksHttp());
        Launch.enter();
        Program.add(settings);
    }

    /** Where durable tasks and dead letters are kept, such as {@code SqliteTaskLog.at(file)}. Default: letters in memory. */
    public static void taskLog(TaskLog.Opener value) {
        Program.taskLog(value);
    }

    /** Where durable tasks are kept that several machines share, such as {@code PostgresTaskQueue.at(url)}, in place of a log. */
    public static void taskQueue(TaskQueue.Opener value) {
        Program.taskQueue(value);
    }

    /** As {@link ControlDeclarations#bus}: what machines speak to each other over, such as {@code PgBus.at(url)}. */
    public static void bus(Bus.Opener value) {
        Program.bus(value);
    }

    /** How many tasks of each worker may wait for a slot; what becomes of one more, {@link #whenQueueFull} says. Default 100,000. */
    public static void maxQueuedTasks(int value) {
        Program.maxQueuedTasks(value);
    }

    /** How many bytes those, and those that run, may have. Default: a quarter of the heap for all workers together. */
    public static void maxQueuedBytes(long value) {
        Program.maxQueuedBytes(value);
    }

    /** How many of each worker may wait in memory for their time or their turn, beside those. Default 100,000. */
    public static void maxDelayedTasks(int value) {
        Program.maxDelayedTasks(value);
    }

    /** How many bytes these may have. Default: an eighth of the heap for all workers together. */
    public static void maxDelayedBytes(long value) {
        Program.maxDelayedBytes(value);
    }

    /** How many bytes of results may wait for a busy slot that asked for them; see its namesake of a server. */
    public static void maxResultBytes(long value) {
        Program.maxResultBytes(value);
    }

    /** Turns objects of tasks, results and messages between workers into bytes and back. Default: {@link Codec#json}. */
    public static void codec(Codec value) {
        Program.codec(value);
    }

    /** What becomes of a task that is submitted while as many wait as may. Default: it is rejected. */
    public static void whenQueueFull(WhenFull value) {
        Program.whenQueueFull(value);
    }

    /** Makes a protocol of the user's own known under a scheme, before any worker or connection names it. */
    public static void protocol(String scheme, Protocol protocol) {
        protocol(scheme, new Framing(protocol));
    }

    /** As the other one, for WebSocket with settings of its own. */
    public static void protocol(String scheme, WebSocketProtocol settings) {
        protocol(scheme, new WebSocket(settings));
    }

    /** As the other one, for HTTP. */
    public static void protocol(String scheme, HttpProtocol settings) {
        protocol(scheme, new Http(settings));
    }

    /** Makes another scheme known for what is spoken, such as for one of {@code Protocols.builtIn()}. */
    public static void protocol(String scheme, ApplicationProtocol spoken) {
        Program.register(scheme, spoken);
    }

    /** How long running work may take to finish when the program stops. Default 3 seconds. */
    public static void maxWaitTime(Duration value) {
        Program.maxWaitTime(value);
    }

    /** Bytes that all connections of a process may hold; above it the one with most is cut. Default: a quarter of the heap. */
    public static void maxConnectionMemory(long bytes) {
        Program.maxConnectionMemory(bytes);
    }

    /** The class whose {@code main} children run, where the program's own cannot be run again (a test, Spring). */
    public static void childMain(Class<?> value) {
        Program.childMain(value);
    }

    /** As {@link ControlDeclarations#handleSignals}; default true, with false the host calls {@link #stopAll}. */
    public static void handleSignals(boolean value) {
        Program.handleSignals(value);
    }

    /** Whether what handlers have started is killed with a child that dies. Default true; needs {@code /proc}. */
    public static void endSubprocesses(boolean value) {
        Program.endSubprocesses(value);
    }

    /** As {@link ControlDeclarations#payloadMemory}: bytes that children share with the manager for large payloads. */
    public static void payloadMemory(long bytes) {
        Program.payloadMemory(bytes);
    }

    /** How the program is seen and steered while it runs: as {@link ControlDeclarations} says. */
    public static void control(UnaryOperator<ControlSettings> change) {
        Program.control("control", change);
    }

    /** Everything in this process, without children: for debugging and unit tests. */
    public static void inProcess(boolean value) {
        Program.inProcess(value);
    }

    /** For the calls and declarations that this face shares with others. */
    @Override
    public FaceState<Worker> state() {
        return state;
    }

    /** How many messages are handled at once; not how many processes, see {@link #processes}. Default 1. */
    public Worker count(int value) {
        setting("count").count = Check.count("count", value, 1, "without, it is 1");
        return this;
    }

    /** Shown in logs and errors. Default "none", made unique by its address. */
    public Worker name(String value) {
        setting("name").name = Check.name("name", value);
        return this;
    }

    /** How many child processes host the {@code count} slots. Default 1; for tasks, as many as slots or cores. */
    public Worker processes(int value) {
        setting("processes").processes = Check.count("processes", value, 0, "0 means the default");
        return this;
    }

    /** Where handlers run: in children (default), on slots in this process, or on the event loop, where none may block. */
    public Worker placement(Placement value) {
        setting("placement").placement = Check.given("placement", value);
        return this;
    }

    /** Slots are virtual threads: a handler that waits holds no platform thread. */
    public Worker virtual(boolean value) {
        setting("virtual").virtual = value;
        return this;
    }

    /** JVM options of this worker's children, such as {@code -Xmx1g}; they win over the defaults. */
    public Worker jvmOptions(String... options) {
        setting("jvmOptions").jvmOptions = Check.all("jvmOptions", options);
        return this;
    }

    /** On every slot, on its own thread, before it gets messages; connections are accepted when all have returned. */
    public Worker onWorkerStart(WorkerCallback callback) {
        workerStart = setting("onWorkerStart", callback);
        return this;
    }

    /** On every slot that stops in order. */
    public Worker onWorkerStop(WorkerCallback callback) {
        workerStop = setting("onWorkerStop", callback);
        return this;
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
        return settings.name;
    }

    public int count() {
        return settings.count;
    }

    /**
     * Runs every worker constructed so far until the program is stopped. In a child process it does not return.
     *
     * @param args the program's; what they begin with may be one of Workerman's words, {@code start [-d]}, {@code stop},
     *     {@code restart}, {@code reload}, {@code status} or {@code connections}, which {@code Shunt.command} does
     */
    public static void runAll(String... args) {
        Program.runAll(args);
    }

    /** Instead of {@link #runAll}, for tests: gives these workers' plan to another engine; run the result when that ends. */
    @SuppressWarnings("exports") // for the test kit, which is no module
    public static Runnable startOn(List<Worker> workers, Function<? super Plan, ? extends Engine> other) {
        return Program.startOn(workers.stream().map(Worker::settings).toList(), other);
    }

    /**
     * The program in numbers, all of one moment; from any worker or thread. What the caller has been told of, as a
     * result, is counted. Waits for the manager's main loop, usually well below a millisecond: not a call for each
     * message of an event loop.
     */
    public static Stats stats() {
        return Program.engine().stats();
    }

    /** Replaces all child processes one by one, each by one that serves already when the old one ends; from any worker. */
    public static void reloadAll() {
        Program.engine().reload(false);
    }

    /** Stops the whole program in order; from any worker. */
    public static void stopAll() {
        Program.engine().shutdown();
    }

    private WorkerSettings setting(String call) {
        settings.refuseLate(call);
        return settings;
    }

    private <C> C setting(String call, C callback) {
        Check.given(call, callback);
        settings.refuseLate(call);
        return callback;
    }

    /** What hears of this worker's connections, to be set. */
    TcpConnection.Accepted hearing(String call, Object callback) {
        setting(call, callback);
        settings.hearsOfConnections = true;
        return connections;
    }

    void failed(TcpConnection connection, int code, String text) {
        TcpConnection.call(connections.error, connection, code, text);
    }

    WorkerSettings settings() {
        return settings;
    }
}
