package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Dialer;
import dev.shunt.engine.Engine;
import dev.shunt.engine.slots.SlotContact;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.netty.Spool;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.process.RunDirectory;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The life of a manager: binds, starts slots, accepts, runs until told to stop, and stops in order. The thread that called
 * {@code Launch.run} waits in here; the parts live on the main loop, which is loop 0.
 *
 * <pre>
 *   bind ──► start slots ──► recover ──► accept ──► running ──► {@link Shutdown} ──► closed
 *     └─ fails ──┴─ fails: what was started is stopped, and run() throws why
 * </pre>
 */
public final class ManagerProcess implements ManagerSignals.Actions {

    private static final Logger LOG = Log.of(ManagerProcess.class);

    /** What an orderly stop may take beyond its deadline before it is no longer believed in. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private static final Duration KILL_PATIENCE = Duration.ofMillis(300);

    private final Plan plan;
    private final String start;
    private final ProgramFiles files;
    private final RunDirectory directory;
    private final Network network;
    private final Timers timers;
    private final ExecutorService aside = thread("shunt-manager", null);
    private final FatalErrors fatal = new FatalErrors();
    private final ExecutorService logReader = thread("shunt-log-reader", fatal);
    private final ExecutorService disk = thread("shunt-payload-files", fatal);
    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final ManagerEngine engine;
    private final ControlDoor control;
    private final Loop main;
    private final Upkeep upkeep;
    private volatile boolean killed;

    /** @param start an option for the java of children, which tells them what they are to serve */
    public ManagerProcess(Plan plan, Clock clock, String start) {
        this.plan = plan;
        this.start = start;
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            TaskLog log = opened(open(plan), opened);
            files = opened(ProgramFiles.open(plan.settings().processes().control()), opened);
            directory = files.run();
            fatal.last(files::close);
            var spool = new Spool(directory.spool());
            var budget = MemoryBudget.of(plan.settings().maxConnectionMemory());
            network = opened(Network.open("manager", plan.settings().loops(), budget, fatal, spool), opened);
            timers = opened(new Timers(fatal), opened);
            var ports = new ManagerPorts(
                    IntStream.range(0, network.loops()).mapToObj(network::loop).toList(),
                    clock,
                    timers,
                    log,
                    logReader,
                    new PayloadFiles(directory.payloads()),
                    spool,
                    disk,
                    (group, slots) -> new SlotPool(group, slots, SlotContact.NONE, fatal),
                    Set.of(),
                    Dialer.over(network),
                    budget,
                    aside,
                    (_, _) -> false);
            main = ports.main();
            upkeep = new Upkeep(directory, ports);
            parts = ManagerParts.of(plan, ports);
            shutdown = new Shutdown(parts);
            engine = new ManagerEngine(parts, shutdown);
            control = opened(new ControlDoor(parts, files, shutdown, engine, fatal), opened);
        } catch (RuntimeException | Error e) {
            opened.forEach(part -> close(part, e));
            List.of(aside, logReader, disk).forEach(ExecutorService::shutdown);
            throw e;
        }
    }

    /**
     * It runs from now on: when it is needed, there may be no thread to be had. {@code dies} hears of what escapes, if the
     * program cannot live without it.
     */
    private static ExecutorService thread(String name, Thread.@Nullable UncaughtExceptionHandler dies) {
        var threads = Thread.ofPlatform().daemon().name(name);
        var thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                (dies == null ? threads : threads.uncaughtExceptionHandler(dies)).factory());
        thread.prestartCoreThread();
        return thread;
    }

    private static <T extends AutoCloseable> T opened(T part, Deque<AutoCloseable> all) {
        all.push(part);
        return part;
    }

    private static void close(AutoCloseable part, Throwable because) {
        try {
            part.close();
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }

    private static TaskLog open(Plan plan) {
        if (plan.settings().log().isEmpty()) {
            return new MemoryTaskLog();
        }
        try {
            return plan.settings().log().get().open();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    /** Returns when the program has stopped; throws why if it could not start. */
    public void run(Consumer<Engine> onEngine) {
        try (var _ = ManagerSignals.on(this, plan.settings().processes().handleSignals())) {
            runToItsEnd(onEngine);
        }
    }

    private void runToItsEnd(Consumer<Engine> onEngine) {
        try {
            onEngine.accept(engine);
            control.open();
            bind();
            var warm = WarmUp.like(plan); // while children start
            startSlots();
            warm.join();
            if (!shutdown.hasBegun()) {
                recover();
                parts.listeners().accept();
                control.serving();
                asProgram(plan.hooks()::started);
                ServiceNotices.begin(parts, network, shutdown);
                main.execute(() -> parts.schedules().start(plan, engine));
                upkeep.begin();
                new Watching(parts, shutdown).begin();
            }
            shutdown.over().join();
            while (killed) {
                LockSupport.park(); // no callback runs any more: another thread is about to halt
            }
        } catch (RuntimeException | Error e) {
            shutdown.begin();
            shutdown.over().join();
            throw e;
        } finally {
            close();
        }
        asProgram(plan.hooks()::stopped);
    }

    private void bind() {
        try {
            network.numberedFor(
                    parts.connections().others().node(),
                    id -> parts.connections().get(id) != null);
            parts.listeners().bind(Listeners.over(network));
            listenToChildren();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void listenToChildren() throws IOException {
        if (!parts.children().areNone()) {
            lendListeners();
            var sends = new ChildSends(parts.connections(), parts.childSockets());
            parts.connections().whenUncongested(id -> onMain(() -> sends.uncongested(id)));
            parts.children()
                    .listen(
                            network,
                            new ProgramChildren.Home(upkeep, start),
                            parts.ports().clock(),
                            parts.numbers(),
                            new ChildRequests(parts, shutdown, sends, control::ask));
        }
    }

    /** Before any child is started. */
    private void lendListeners() throws IOException {
        var lent = parts.listeners().lent();
        if (!lent.isEmpty()) {
            parts.childSockets().numbered(network::takeIds);
            upkeep.listen(
                    directory.sockets(), () -> network.lendListeners(directory.sockets(), directory.secret(), lent));
        }
    }

    private void onMain(Runnable action) {
        if (main.inLoop()) {
            action.run();
        } else {
            main.execute(action);
        }
    }

    /** Once in this process, if slots are to start here. */
    private void processStart() {
        var here = plan.groups().stream()
                .filter(group -> group.processes() == 0)
                .map(Group::name)
                .toList();
        if (!here.isEmpty()) {
            plan.hooks()
                    .processStart(here)
                    .ifPresent(callback -> asProgram(() -> {
                        try {
                            callback.run();
                        } catch (Exception e) {
                            throw new IllegalStateException("cannot start: onProcessStart threw " + e, e);
                        }
                    }));
        }
    }

    private void startSlots() {
        processStart();
        var started = new CompletableFuture<Void>();
        main.execute(() -> {
            try {
                var _ = CompletableFuture.allOf(
                                parts.groups().start(engine), parts.children().start())
                        .whenComplete((_, problem) -> {
                            if (problem == null) {
                                started.complete(null);
                            } else {
                                started.completeExceptionally(problem);
                            }
                        });
            } catch (RuntimeException | Error e) { // no thread for a slot; whoever called start() waits to hear of it
                started.completeExceptionally(e);
            }
        });
        try {
            CompletableFuture.anyOf(started, shutdown.over(), control.failure()).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("cannot start: " + cause.getMessage(), withoutLoop(cause));
        }
    }

    /** As the program sees it: what called it is an event loop, whose frames say nothing. */
    private static Throwable withoutLoop(Throwable thrown) {
        thrown.setStackTrace(Stream.of(thrown.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().startsWith("io.netty."))
                .toArray(StackTraceElement[]::new));
        return thrown;
    }

    /** What the log has from before goes on first. */
    private void recover() {
        CompletableFuture.runAsync(parts.anyTasks()::recover, main).join();
    }

    /** The program's own code on the thread that called run(), as if on the manager's slot. */
    private void asProgram(Runnable hook) {
        CurrentEngine.set(new CurrentEngine(engine, null, parts.managerSlot(), true));
        try {
            hook.run();
        } finally {
            CurrentEngine.clear();
        }
    }

    private void close() {
        parts.stats().now(); // what it will have been from now on
        List<AutoCloseable> all = List.of(
                network,
                timers,
                parts.connections().others(),
                disk::shutdown,
                logReader::shutdown,
                parts.journal(),
                parts::closeQueue,
                engine::stopped,
                aside::shutdown,
                control,
                files);
        all.forEach(ManagerProcess::closeOne);
    }

    /** Whatever goes wrong with one, the others are closed. */
    private static void closeOne(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception | Error e) {
            LOG.error("a part of the program could not be closed", e);
        }
    }

    @Override
    public void shutdown() {
        shutdown.begin();
    }

    @Override
    public void reload(boolean tasksOnly) {
        engine.reload(tasksOnly);
    }

    /** Children whose link ends halt by themselves, should the loop be stuck. */
    @Override
    public void endAtOnce() {
        killed = true;
        var gone = new CompletableFuture<Void>();
        try {
            main.execute(() -> {
                var _ = parts.children().kill().thenRun(() -> gone.complete(null));
            });
            gone.get(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | InterruptedException | ExecutionException | TimeoutException e) {
            LOG.debug("not waiting for children any longer", e);
        }
        files.close();
    }

    @Override
    public boolean stopsInTime() {
        Duration patience = shutdown.patience().plus(STOP_GRACE);
        try {
            shutdown.over().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.error("not stopped {} after it was asked to, an event loop must be stuck; killed", patience);
            return false;
        } catch (InterruptedException | ExecutionException e) {
            LOG.debug("no longer waiting for the stop", e);
        }
        return true;
    }
}
