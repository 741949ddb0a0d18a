package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.NoTaskSlots;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.manager.WorkItem.ConnectionItem;
import dev.shunt.engine.manager.WorkItem.TaskItem;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.net.Endpoint;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.process.Child;
import dev.shunt.process.RunDirectory;
import dev.shunt.stats.Stats;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a manager: binds, starts slots, accepts, runs until told to stop, stops in order. The thread that called
 * {@code Launch.run} waits in here; groups, tasks and children are touched on the main loop only, which is loop 0.
 *
 * <pre>
 *   bind ──► start slots ──► accept ──► running ──shutdown──► draining ──► closing ──► slots stop ──► closed
 *     └─ fails ──┴─ fails: what was started is stopped, and run() throws why
 * </pre>
 */
public final class ManagerProcess implements GroupRun.Ends {

    private static final Logger LOG = LoggerFactory.getLogger(ManagerProcess.class);

    /** What an orderly stop may take beyond its deadline before it is no longer believed in. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    /** What results and stop callbacks get even if the deadline has passed. */
    private static final Duration LAST_CALLBACKS = Duration.ofSeconds(1);

    /** Beyond one and a successor for each place. */
    private static final int FEW_PROCESSES = 8;

    private static final Duration KILL_PATIENCE = Duration.ofMillis(300);

    /** As a shell reports a program ended by SIGINT. */
    private static final int KILLED = 130;

    /**
     * Of the stop: what runs ends; then callbacks have heard of it; then connections close, with their callbacks; then slots
     * stop, with theirs.
     */
    private enum Phase {
        DRAINING,
        CALLING_BACK,
        CLOSING,
        STOPPING
    }

    private final Plan plan;
    private final Clock clock;
    private final long startedAtMillis;
    private final Timers timers = new Timers();
    private final Connections connections = new Connections();
    private final ManagerEngine engine = new ManagerEngine(this);
    private final ExecutorService aside = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("shunt-manager").factory());
    private final RunDirectory directory;
    private final Network network;
    private final Loop main;
    private final Journal journal;
    private final ProcessNumbers numbers;
    private final long number;
    private final Payloads payloads;
    private final Groups groups;
    private final Executor managerSlot;
    private final @Nullable Tasks tasks;
    private final Schedules schedules;
    private final Listeners listeners;
    private final ProgramChildren children;
    private final CompletableFuture<Void> slotsStopped = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile boolean killed;
    private Phase phase = Phase.DRAINING;
    private long stopBy;
    private boolean outOfPatience;

    public ManagerProcess(Plan plan, Clock clock) {
        this.plan = plan;
        this.clock = clock;
        startedAtMillis = clock.epochMillis();
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            TaskLog log = open(plan);
            opened.push(log);
            directory = RunDirectory.create();
            opened.push(directory);
            network = Network.open("manager", plan.settings().loops());
            opened.push(network);
            main = network.loop(0);
            journal = new Journal(log, main, this::workEnded);
            int processes = plan.groups().stream().mapToInt(Group::processes).sum();
            numbers = new ProcessNumbers(journal, FEW_PROCESSES + 2 * processes);
            number = firstNumber();
            payloads = new Payloads(new PayloadFiles(directory.payloads()), main, this::workEnded);
            groups = new Groups(plan, network, clock, payloads, engine, this, this::replace);
            managerSlot = groups.managerSlot().orElse(aside);
            children = new ProgramChildren(this, groups.children());
            tasks = groups.tasks().map(this::tasks).orElse(null);
            schedules = new Schedules(main, this::later, managerSlot, engine, clock);
            listeners = new Listeners(plan, network, groups, connections, clock);
        } catch (RuntimeException | Error e) {
            opened.forEach(part -> close(part, e));
            throw e;
        }
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

    private long firstNumber() {
        try {
            return numbers.next();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    public ProcessNumbers numbers() {
        return numbers;
    }

    private Tasks tasks(GroupRun run) {
        var nobody = new Origin.Here(managerSlot, plan.hooks().tasks(), Interest.RESULTS);
        return new Tasks(
                run,
                plan.settings().queue(),
                new TaskIds(number, numbers, () -> {}),
                journal,
                payloads,
                nobody,
                children,
                this::queueLevel);
    }

    public void later(Runnable action, Duration delay) {
        var _ = main.schedule(action, delay);
    }

    private void queueLevel(boolean full) {
        var now = stats();
        managerSlot.execute(() -> {
            if (full) {
                plan.hooks().queueFull(now);
            } else {
                plan.hooks().queueDrained(now);
            }
        });
    }

    /** Returns when the program has stopped; throws why if it could not start. */
    public void run(Consumer<Engine> onEngine) {
        try (var _ = ManagerSignals.on(this)) {
            onEngine.accept(engine);
            bind();
            startSlots();
            if (!stopping) {
                recover();
                listeners.accept();
                asProgram(plan.hooks()::started);
                main.execute(() -> schedules.start(plan));
            }
            slotsStopped.join();
            while (killed) {
                LockSupport.park(); // no callback runs any more: another thread is about to halt
            }
        } catch (RuntimeException | Error e) {
            shutdown();
            slotsStopped.join();
            throw e;
        } finally {
            close();
        }
        asProgram(plan.hooks()::stopped);
    }

    /** What the log has from before goes on first. */
    private void recover() {
        if (tasks != null) {
            CompletableFuture.runAsync(tasks::recover, main).join();
        }
    }

    private void bind() {
        try {
            listeners.bind();
            children.listen(network);
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void startSlots() {
        var started = new CompletableFuture<Void>();
        main.execute(() -> {
            var _ = CompletableFuture.allOf(groups.start(), children.start()).whenComplete((_, problem) -> {
                if (problem == null) {
                    started.complete(null);
                } else {
                    started.completeExceptionally(problem);
                }
            });
        });
        try {
            CompletableFuture.anyOf(started, slotsStopped).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("cannot start: " + cause.getMessage(), cause);
        }
    }

    /** Ends a task as far as it can be; from any thread. What is left when the program has stopped is over. */
    public void cancel(long taskId) {
        try {
            main.execute(() -> tasks().cancel(taskId));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
        }
    }

    /** Begins to stop in order; from any thread, any number of times. */
    public void shutdown() {
        try {
            main.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
        }
    }

    /** Replaces all children, or those that run tasks, one by one; from any thread. */
    public void reload(boolean tasksOnly) {
        main.execute(() -> {
            if (!stopping) {
                children.reload(tasksOnly ? Group::runsTasks : _ -> true);
            }
        });
    }

    private void replace(Child child) {
        children.replace(child);
    }

    private void drain() {
        if (stopping) {
            return;
        }
        stopping = true;
        stopBy = clock.nanoTime() + plan.settings().stopDeadline().toNanos();
        schedules.stop();
        listeners.stopAccepting();
        children.replaceNoMore();
        if (tasks != null) {
            tasks.stop();
        }
        groups.drain("the program is stopping");
        var _ = main.schedule(this::giveUpRunning, plan.settings().stopDeadline());
        main.execute(this::workEnded); // after what was rejected has been told
    }

    /** Something that a slot did is over; it may have been the last that this part of the stop waits for. */
    public void workEnded() {
        if (!stopping || !groups.isIdle() || !payloads.isIdle() || !journal.isIdle()) {
            return;
        }
        if (phase == Phase.DRAINING && (children.haveAcknowledgedAll() || outOfPatience)) {
            phase = Phase.CALLING_BACK;
            var _ = groups.calledBack()
                    .completeOnTimeout(null, left().toNanos(), TimeUnit.NANOSECONDS)
                    .thenRunAsync(this::closeConnections, main);
        } else if (phase == Phase.CLOSING && connections.size() == 0) {
            stopSlots();
        }
    }

    /** What callbacks had to say is on its way out. */
    private void closeConnections() {
        phase = Phase.CLOSING;
        connections.whenEmpty(() -> main.execute(this::workEnded));
        listeners.closeConnections();
        var _ = main.schedule(this::stopSlots, left());
        workEnded();
    }

    /** The deadline has passed: what still runs is lost, and its callers are told before their own slots stop. */
    private void giveUpRunning() {
        if (phase != Phase.DRAINING) {
            return;
        }
        LOG.warn(
                "still running {} ms after the stop began, and lost: {}",
                plan.settings().stopDeadline().toMillis(),
                groups.isIdle() ? "callbacks for tasks" : String.join("; ", groups.runningLeases()));
        if (tasks != null) {
            tasks.giveUp();
        }
        groups.interrupt();
        children.killBusy();
        var _ = main.schedule(this::abandon, LAST_CALLBACKS);
        var _ = main.schedule(this::giveUpJournal, LAST_CALLBACKS.multipliedBy(2));
    }

    private void abandon() {
        outOfPatience = true;
        groups.abandon();
        workEnded();
    }

    /** A disk that hangs does not hold up the stop. */
    private void giveUpJournal() {
        if (phase == Phase.DRAINING) {
            journal.giveUp();
            workEnded();
        }
    }

    private void stopSlots() {
        if (phase == Phase.STOPPING) {
            return;
        }
        phase = Phase.STOPPING;
        var left = left();
        var _ = CompletableFuture.allOf(
                        groups.stop().completeOnTimeout(null, left.toNanos(), TimeUnit.NANOSECONDS),
                        children.stop(left))
                .whenComplete((_, problem) -> {
                    if (problem != null) {
                        LOG.error("a stop callback failed", problem);
                    }
                    slotsStopped.complete(null);
                });
    }

    /** What is left of the deadline, and a moment for last callbacks in any case. */
    private Duration left() {
        return Duration.ofNanos(Math.max(LAST_CALLBACKS.toNanos(), stopBy - clock.nanoTime()));
    }

    /** Ends everything at once. GroupChildren whose link ends halt by themselves, should the loop be stuck. */
    public void kill() {
        killed = true;
        var gone = new CompletableFuture<Void>();
        main.execute(() -> {
            var _ = children.kill().thenRun(() -> gone.complete(null));
        });
        try {
            gone.get(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            LOG.debug("not waiting for children any longer", e);
        }
        directory.close();
        Runtime.getRuntime().halt(KILLED);
    }

    /** Waits for an orderly stop, and ends the process if it does not come. */
    public void killUnlessStoppedInTime() {
        Duration patience = plan.settings().stopDeadline().plus(STOP_GRACE);
        try {
            slotsStopped.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.error("not stopped {} after it was asked to, an event loop must be stuck; killed", patience);
            kill();
        } catch (InterruptedException | ExecutionException e) {
            LOG.debug("no longer waiting for the stop", e);
        }
    }

    private void close() {
        network.close();
        timers.close();
        payloads.close();
        journal.close();
        engine.stopped();
        aside.shutdown();
        directory.close();
    }

    /** The program's own code on the thread that called run(), as if on the manager's slot. */
    private void asProgram(Runnable hook) {
        CurrentEngine.set(new CurrentEngine(engine, null, managerSlot, true));
        try {
            hook.run();
        } finally {
            CurrentEngine.clear();
        }
    }

    @Override
    public void ended(Work<WorkItem> work, Settlement settlement) {
        switch (work.item()) {
            case TaskItem task -> tasks().ends().ended(task, work.attempt(), settlement);
            case ConnectionItem event -> connections.ended(event, settlement);
        }
        work.joined().forEach(joined -> endedWithAnother(joined, settlement));
        workEnded();
    }

    /** What the log keeps does not end because what it joined is given up at the stop. */
    private void endedWithAnother(Work<WorkItem> joined, Settlement settlement) {
        boolean givenUp =
                stopping && (settlement.outcome() == Outcome.LOST || settlement.outcome() == Outcome.REJECTED);
        if (givenUp && joined.item() instanceof TaskItem task && task.stored()) {
            kept(task);
        } else {
            ended(joined, settlement);
        }
    }

    @Override
    public void endedInChild(Work<WorkItem> work, Outcome outcome, Payload payload) {
        payloads.unpack(Payloads.ofTask(work.item().subject()), payload).then(
                data -> ended(work, Settlement.of(outcome, data)),
                problem -> ended(work, Settlement.lost(problem)));
    }

    @Override
    public void unwanted(Payload payload) {
        payloads.discard(payload);
    }

    @Override
    public void moved(GroupRun run) {
        if (tasks != null && run.group().runsTasks()) {
            tasks.moved();
        }
        workEnded();
    }

    @Override
    public void kept(TaskItem task) {
        tasks().ends().kept(task);
        workEnded();
    }

    @Override
    public void retried(TaskItem task, int attempts, long delayNanos) {
        tasks().ends().retried(task, attempts, delayNanos);
    }

    @Override
    public void reported(TaskItem task, Report report, Data data) {
        tasks().callers().reported(task, report, data);
    }

    @Override
    public void reportedInChild(TaskItem task, Report report, Payload payload) {
        payloads.unpack(Payloads.ofTask(task.id()), payload).then(
                data -> tasks().callers().reported(task, report, data),
                problem -> LOG.warn("what task {} said is lost: {}", task.id(), problem));
    }

    /** Brings something to a slot, wherever it is; from any thread. */
    public void post(Slot slot, int source, Data message) {
        Group group = plan.group(slot.group());
        if (group.placement() == Placement.CHILDREN) {
            main.execute(() -> children.post(plan.indexOf(group), slot.index(), source, message));
        } else {
            groups.slot(group, slot.index()).execute(() -> message(source, message));
        }
    }

    private void message(int source, Data message) {
        try {
            plan.hooks().message(source, message);
        } catch (Exception e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", source, e);
        }
    }

    /** An answer that is found on the main loop; from any thread. */
    public <T> CompletionStage<T> onMain(Consumer<CompletableFuture<T>> question) {
        var answer = new CompletableFuture<T>();
        main.execute(() -> question.accept(answer));
        return answer;
    }

    public Journal journal() {
        return journal;
    }

    public Payloads payloads() {
        return payloads;
    }

    public Plan plan() {
        return plan;
    }

    public Network network() {
        return network;
    }

    public RunDirectory directory() {
        return directory;
    }

    public Clock clock() {
        return clock;
    }

    public Timers timers() {
        return timers;
    }

    public Connections connections() {
        return connections;
    }

    public Executor managerSlot() {
        return managerSlot;
    }

    public List<Endpoint> endpoints() {
        return listeners.endpoints();
    }

    public boolean isStopping() {
        return stopping;
    }

    public Tasks tasks() {
        if (tasks == null) {
            throw new NoTaskSlots();
        }
        return tasks;
    }

    /** As of about now: read from any thread while the main loop goes on. */
    public Stats stats() {
        int taskSlots = plan.taskGroup().map(Group::slots).orElse(0);
        var run = groups.tasks().map(GroupRun::dispatcher);
        var counts = tasks == null ? new TaskCounts() : tasks.counts();
        return new Stats(
                startedAtMillis,
                connections.size(),
                connections.accepted(),
                connections.closed(),
                connections.messages(),
                plan.groups().stream().mapToInt(Group::slots).sum() - taskSlots,
                taskSlots,
                run.map(Dispatcher::idleSlots).orElse(0),
                plan.settings().queue().maxTasks(),
                tasks == null ? 0 : tasks.waits(),
                tasks == null ? 0 : tasks.runs(),
                counts.submitted(),
                counts.ended(Outcome.DONE) + counts.ended(Outcome.ANSWERED),
                counts.ended(Outcome.FAILED),
                counts.ended(Outcome.LOST),
                counts.ended(Outcome.TIMED_OUT),
                counts.ended(Outcome.CANCELLED),
                counts.ended(Outcome.REJECTED),
                run.map(Dispatcher::retried).orElse(0L),
                tasks == null ? 0 : tasks.letters().count(),
                children.replaced());
    }
}
