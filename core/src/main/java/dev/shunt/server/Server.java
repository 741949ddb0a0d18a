package dev.shunt.server;

import dev.shunt.calls.Face;
import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.OwnProcess;
import dev.shunt.calls.ProgramCalls;
import dev.shunt.calls.ProgramDeclarations;
import dev.shunt.calls.TaskCalls;
import dev.shunt.calls.TaskDeclarations;
import dev.shunt.calls.WebDeclarations;
import dev.shunt.check.Check;
import dev.shunt.engine.Engine;
import dev.shunt.launch.Launch;
import dev.shunt.launch.Start;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.Plan;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.stats.Stats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server in Swoole's words. Callbacks are set first, then {@link #start} runs them: {@code onReceive} and its siblings on
 * the event loop, where they must not block, {@code onTask} in task worker processes, where it may. Code before
 * {@code start} runs in every process of the program; what only workers need belongs into {@link #onWorkerStart}.
 */
public final class Server
        implements TaskCalls,
                ProgramCalls,
                TaskDeclarations<Server>,
                ProgramDeclarations<Server>,
                WebDeclarations<Server>,
                ConnectionDeclarations<Server> {

    private final Endpoint endpoint;
    private final ServerSettings settings = new ServerSettings(this::refuseIfStarted);
    private final TaskSpecBuilder tasks = FaceState.tasks();
    private final FaceCallbacks shared = new FaceCallbacks();
    private final ServerCallbacks callbacks = new ServerCallbacks(shared);
    private final FaceState<Server> state = new FaceState<>(this, new ServerFace(), tasks, shared);
    private final Map<String, TaskGroup> taskGroups = new LinkedHashMap<>();
    private final Map<String, OwnProcess> processes = new LinkedHashMap<>();
    private final List<Port> ports = new ArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Start start;
    private volatile @Nullable Engine engine;

    /**
     * @param host the address to listen on; "0.0.0.0" for all
     * @param port 0 for any free one
     */
    public Server(String host, int port) {
        this(new Endpoint("tcp", host, port, "/"));
    }

    /**
     * @param address {@code tcp://HOST:PORT}, {@code ssl://HOST:PORT} (encrypted; see {@link ServerSettings#ssl}), {@code
     *     udp://HOST:PORT} or {@code unix:///FILE}; what is spoken there is a setting
     * @throws IllegalArgumentException if it is none of these
     */
    public Server(String address) {
        this(Addresses.address(address));
    }

    private Server(Endpoint endpoint) {
        this.endpoint = endpoint;
        start = Launch.start("the server on " + endpoint.hostAndPort());
    }

    /** For the calls and declarations that this face shares with others. */
    @Override
    public FaceState<Server> state() {
        return state;
    }

    /** Changes settings: {@code server.set(settings -> settings.taskWorkerNum(4))}. */
    public Server set(Consumer<? super ServerSettings> change) {
        refuseIfStarted("set");
        Check.given("set", change).accept(settings);
        return this;
    }

    /**
     * Another group of task slots beside those of {@code taskWorkerNum}, so that its tasks and theirs do not wait for
     * each other: {@code server.taskGroup("mail", mail -> mail.slots(2).handle(SendMail.class, this::send))}. A task
     * goes to the group that has a handler for its type. May be called again for the same group.
     *
     * @param name shown in logs and errors
     */
    public Server taskGroup(String name, Consumer<? super TaskGroup> change) {
        refuseIfStarted("taskGroup");
        Check.name("taskGroup", name);
        Check.given("taskGroup", change);
        change.accept(taskGroups.computeIfAbsent(name, _ -> new TaskGroup(name, new ServerFace(), shared)));
        return this;
    }

    /**
     * A process of the program's own beside its workers: {@code server.addProcess("collector", this::collect)}. The code may go
     * on for ever; it is interrupted when the process stops, and begins again a second after it has ended. Timers and messages
     * to its worker, whose id is the last, run beside it. With {@code inProcess} it is a thread of this process.
     */
    public Server addProcess(String name, ProcessHandler code) {
        refuseIfStarted("addProcess");
        Check.name("addProcess", name);
        Check.given("addProcess", code);
        if (processes.putIfAbsent(name, new OwnProcess(name, code)) != null) {
            throw new IllegalArgumentException(
                    "addProcess(\"" + name + "\"): there is one of that name; give it another");
        }
        return this;
    }

    /** Another address, with its own callbacks and settings where they differ from the server's. */
    public Port listen(String host, int port) {
        return listen(new Endpoint("tcp", host, port, "/"));
    }

    /** As {@link #listen(String, int)}, for an address of any kind that {@link #Server(String)} takes. */
    public Port listen(String address) {
        refuseIfStarted("listen");
        return listen(Addresses.address(address));
    }

    private Port listen(Endpoint other) {
        refuseIfStarted("listen");
        int index = ports.size() + 1;
        var port = new Port(
                other, this::refuseIfStarted, () -> engine().endpoints().get(index), new ServerFace());
        ports.add(port);
        return port;
    }

    AddressCallbacks connections(String call) {
        refuseIfStarted(call);
        return callbacks.connections;
    }

    /** In the manager, when the server accepts. Tasks may be submitted here. */
    public Server onStart(Runnable callback) {
        setting("onStart", callback).start = callback;
        return this;
    }

    /** In the manager, right after {@code onStart}: master and manager are one process here. */
    public Server onManagerStart(Runnable callback) {
        setting("onManagerStart", callback).managerStart = callback;
        return this;
    }

    /** In the manager, last of all. */
    public Server onShutdown(Runnable callback) {
        setting("onShutdown", callback).shutdown = callback;
        return this;
    }

    /** In every event and task worker, on its own thread, with its worker id, before it gets work. */
    public Server onWorkerStart(WorkerCallback callback) {
        setting("onWorkerStart", callback).workerStart = callback;
        return this;
    }

    /** In every event and task worker that stops in order; not in one that was killed. */
    public Server onWorkerStop(WorkerCallback callback) {
        setting("onWorkerStop", callback).workerStop = callback;
        return this;
    }

    /**
     * The program in numbers, all of one moment; from any worker or thread. What the caller has been told of, as a
     * result, is counted. Waits for the manager's main loop, usually well below a millisecond: not a call for each
     * message of an event loop.
     */
    public Stats stats() {
        return engine().stats();
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
        if (!Launch.hasEndedBefore(start)) {
            engine().shutdown();
        }
    }

    /**
     * Runs the server until it is shut down. In a child process it does not return.
     *
     * @throws IllegalStateException if it cannot start, for the reason given; or if it has started before: a server runs once
     */
    public void start() {
        begin("start()", () -> Launch.run(plan(), start, started -> engine = started));
    }

    /**
     * Instead of {@link #start}, for tests: gives the plan to another engine and uses that from now on; returns at
     * once.
     */
    @SuppressWarnings("exports") // for the test kit, which is no module
    public void startOn(Function<? super Plan, ? extends Engine> other) {
        begin("startOn()", () -> engine = other.apply(plan()));
    }

    /** From here on nothing is declared any more; one that could not start may be tried again. */
    private void begin(String call, Runnable run) {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException(call + ": the server on " + endpoint.hostAndPort()
                    + " has started before, and runs once; make another Server for another run");
        }
        try {
            run.run();
        } catch (RuntimeException | Error e) {
            if (!callbacks.ran) {
                engine = null;
                begun.set(false);
            }
            throw e;
        }
    }

    Plan plan() {
        var others = ports.stream()
                .map(port -> port.listener(settings.address, callbacks.connections, state.web()))
                .toList();
        return new ServerPlan(endpoint, settings, callbacks, others, tasks, state, taskGroups, processes).plan();
    }

    private ServerCallbacks setting(String call, Object callback) {
        Check.given(call, callback);
        refuseIfStarted(call);
        return callbacks;
    }

    private void refuseIfStarted(String call) {
        if (begun.get()) {
            throw new IllegalStateException(
                    call + " comes too late: it is part of the program, declare it before start()");
        }
    }

    private Engine engine() {
        Engine present = engine;
        if (present == null) {
            throw new IllegalStateException(
                    "the server on " + endpoint.hostAndPort() + " has not started; call start() first. It runs in its"
                            + " manager and its own children, not in those of another server of the same main");
        }
        return present;
    }

    private final class ServerFace implements Face {

        @Override
        public Engine engine() {
            return Server.this.engine();
        }

        @Override
        public void setting(String call) {
            refuseIfStarted(call);
        }

        @Override
        public void declaring(String call) {
            refuseIfStarted(call);
        }

        @Override
        public void asking() {} // the engine knows
    }
}
