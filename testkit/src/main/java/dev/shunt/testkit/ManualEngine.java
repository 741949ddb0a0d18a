package dev.shunt.testkit;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.manager.SteppedManager;
import dev.shunt.engine.slots.Slots.Leased;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.server.Server;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.timer.Timers;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program without processes, sockets and threads, and only when told: for tests of its handlers, of the options
 * of its tasks and of what happens with their results. It is the engine of a program with its outside taken away, so
 * what it does is what a program does. Time stands still until the test moves the {@link #clock}.
 *
 * <pre>
 *   var engine = ManualEngine.of(server);
 *   var mail = server.submit(new SendMail("ann"), TaskOptions.DEFAULT.retries(3));
 *   engine.runDue();                                 // the mail server is down: the first attempt fails
 *   engine.clock().advance(Duration.ofSeconds(1));
 *   engine.runDue();                                 // the second one does not
 *   assertThat(engine.await(mail)).isInstanceOf(Result.Done.class);
 *
 *   var client = engine.connect();
 *   client.send("hello");
 *   engine.runDue();
 *   assertThat(client.received()).containsExactly("hello to you");
 * </pre>
 *
 * What leaves the process elsewhere is encoded and decoded here as well. A handler that hangs hangs the test: there is
 * no other thread to interrupt it. The program's task log is stood for by one in memory. Not safe for use by several
 * threads.
 */
public final class ManualEngine extends PassedOn implements AutoCloseable {

    private static final String KILLED = "killed by the test";
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final SettableClock clock = new SettableClock();
    private final Plan plan;
    private final List<ManualLoop> loops;

    /** What each loop's thread would be. */
    private final @Nullable CurrentEngine[] onLoops;

    private final List<ManualSlots> slots = new ArrayList<>();
    private final ManualNetwork network;
    private final ManualClockwork clockwork;
    private final SteppedManager manager;
    private final Engine engine;
    private final CompletableFuture<Void> stopped;
    private Runnable release = () -> {};
    private int losing;
    private long runs;

    private ManualEngine(Plan given) {
        plan = MortalTasks.in(given, thrown -> thrown instanceof ProcessDied);
        loops = IntStream.range(0, plan.settings().loops())
                .mapToObj(_ -> new ManualLoop(clock))
                .toList();
        onLoops = new CurrentEngine[loops.size()];
        network = new ManualNetwork(loops);
        clockwork = new ManualClockwork(loops.getFirst());
        manager = new SteppedManager(
                plan,
                new SteppedManager.World(
                        loops,
                        clock,
                        new Timers(clockwork),
                        plan.settings().log().isPresent() ? new UnwrittenTaskLog() : new MemoryTaskLog(),
                        (group, places) -> {
                            var made = new ManualSlots(group, places, this::letRunUntil);
                            slots.add(made);
                            return made;
                        },
                        network,
                        this::letRun));
        engine = manager.engine();
        stopped = manager.stopped(this);
    }

    /** Instead of {@link Server#start}: what the server is asked for happens here from now on. */
    public static ManualEngine of(Server server) {
        return on(server::startOn);
    }

    /** @param startOn starts a program on the engine that is made for its plan */
    static ManualEngine on(Consumer<Function<Plan, Engine>> startOn) {
        var made = new CompletableFuture<ManualEngine>();
        startOn.accept(plan -> {
            made.complete(new ManualEngine(plan));
            return made.join();
        });
        return made.join().started();
    }

    /** Instead of {@link Worker#runAll}, for these workers. {@link #close} it before the next ones are constructed. */
    public static ManualEngine of(Worker... workers) {
        var made = new CompletableFuture<ManualEngine>();
        var release = Worker.startOn(List.of(workers), plan -> {
            made.complete(new ManualEngine(plan));
            return made.join();
        });
        var engine = made.join();
        engine.release = release;
        try {
            return engine.started();
        } catch (RuntimeException | Error e) {
            release.run();
            throw e;
        }
    }

    private ManualEngine started() {
        try {
            var start = manager.start(this, network);
            settle();
            if (!start.isDone()) {
                throw new IllegalStateException("cannot start: a start callback waits for something");
            }
            if (start.isCompletedExceptionally()) {
                var problem = start.exceptionNow();
                throw new IllegalStateException("cannot start: " + problem.getMessage(), problem);
            }
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    /** Stands at the epoch at first. */
    public SettableClock clock() {
        return clock;
    }

    /**
     * Runs, on this thread, all that is due: timers, schedules, events of connections and tasks, also what these ask for;
     * returns how many tasks ran.
     */
    public int runDue() {
        int tasks = 0;
        settle();
        for (var next = poll(); next.isPresent(); next = poll()) {
            tasks += next.get().run() ? 1 : 0;
            settle();
        }
        return tasks;
    }

    /** Goes on to the next time at which something is due, and runs that; returns false if nothing ever will be. */
    public boolean runNext() {
        runDue();
        long before = happened();
        while (happened() == before) {
            var due = nextDueNanos();
            if (due.isEmpty()) {
                return false;
            }
            clock.advance(Duration.ofNanos(Math.max(0, due.getAsLong() - clock.nanoTime())));
            runDue();
        }
        return true;
    }

    /**
     * Runs what is due, moving the clock on as far as it takes, until the task has ended.
     *
     * @throws IllegalStateException if nothing is due any more and it has not
     */
    public Result await(TaskHandle task) {
        var result = task.result().toCompletableFuture();
        runDue();
        while (!result.isDone()) {
            if (!runNext()) {
                throw new IllegalStateException("task " + task.id() + " has not ended, and nothing is due any more");
            }
        }
        return result.join();
    }

    /** A client of the program's first listener, over TCP or a Unix socket. */
    public ManualClient connect() {
        return connect(network.streamListener());
    }

    /** A client of a listener; they count from 0, as the program declares them. */
    public ManualClient connect(int listener) {
        return network.client(listener);
    }

    /** Who sends datagrams to the program's first listener for these, and gets what is sent back. */
    public ManualSender sender() {
        return network.sender(network.packetListener());
    }

    /**
     * In a handler: the process that runs it dies here. The handler ends with an error that it must let pass. What that
     * process ran is lost, or has another attempt if its options say so, and another process takes its place.
     *
     * @throws IllegalStateException where the program would have no child, which is where there is nothing to lose
     */
    public void loseRunning() {
        var slot = slot().orElseThrow(() -> new IllegalStateException("no handler runs, so none is lost"));
        var own = slots.stream()
                .filter(candidate ->
                        isChild(candidate) && candidate.group().name().equals(slot.group()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("worker " + slot.id()
                        + " is in the manager's process, whose death ends the program; see placement"));
        lose(own, own.running());
        throw new ProcessDied();
    }

    /** The process that is given the next task dies as soon as it has started it, before its handler runs. */
    public void loseNext() {
        losing++;
    }

    private void lose(ManualSlots dying, Set<Long> started) {
        manager.lose(dying.group().name(), started::contains, KILLED, this);
    }

    private boolean isChild(ManualSlots candidate) {
        return plan.group(candidate.group().name()).processes() > 0;
    }

    /** A lease that a slot can take. */
    private record Next(ManualEngine engine, ManualSlots slots, Leased lease) {

        /** True if it was a task that ran. */
        boolean run() {
            return engine.run(slots, lease);
        }
    }

    private Optional<Next> poll() {
        for (var candidate : slots) {
            var lease = candidate.poll();
            if (lease != null) {
                return Optional.of(new Next(this, candidate, lease));
            }
        }
        return Optional.empty();
    }

    private boolean run(ManualSlots on, Leased lease) {
        runs++;
        boolean isTask = on.group().runsTasks();
        if (isTask && losing > 0 && isChild(on)) {
            losing--;
            var started = new HashSet<>(on.running());
            started.add(lease.lease());
            lose(on, started);
            return false;
        }
        on.run(lease);
        return isTask;
    }

    /** All but leases. */
    private void settle() {
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 0; i < loops.size(); i++) {
                more |= step(i);
            }
            for (var own : slots) {
                more |= own.runOwn();
            }
        }
    }

    private boolean step(int number) {
        var loop = loops.get(number);
        var any = new boolean[1];
        onLoops[number] = Threads.as(onLoops[number], () -> any[0] = loop.runDue());
        return any[0];
    }

    private OptionalLong nextDueNanos() {
        return loops.stream()
                .flatMapToLong(loop -> loop.nextDueNanos().stream())
                .min();
    }

    /** Looking at the clock is nothing that happens. */
    private long happened() {
        var stats = engine.stats();
        return runs + clockwork.wentOff() + stats.tasks().ended();
    }

    /** Moves the clock on as the time that whoever waits would let pass. */
    private void letRun(BooleanSupplier so, long nanos) {
        long end = nanos > Long.MAX_VALUE - clock.nanoTime() ? Long.MAX_VALUE : clock.nanoTime() + nanos;
        runDue();
        while (!so.getAsBoolean() && clock.nanoTime() < end) {
            long due = nextDueNanos().orElse(Long.MAX_VALUE);
            if (due == Long.MAX_VALUE && end == Long.MAX_VALUE) {
                throw new IllegalStateException("something waits for what never comes: room in the queue, or a result");
            }
            clock.advance(Duration.ofNanos(Math.max(0, Math.min(due, end) - clock.nanoTime())));
            runDue();
        }
    }

    /**
     * For a handler whose result comes later: what else is due runs, and the clock moves on. Threads of the program get a
     * moment before it does, and all the time they want if nothing is due.
     */
    private void letRunUntil(CompletableFuture<?> done, BooleanSupplier orSo) {
        runDue();
        while (!orSo.getAsBoolean() && !Threads.isDoneWithin(MOMENT, done)) {
            var due = nextDueNanos();
            if (due.isEmpty()) {
                CompletableFuture.anyOf(done)
                        .exceptionally(_ -> Optional.empty())
                        .join();
                return;
            }
            clock.advance(Duration.ofNanos(Math.max(0, due.getAsLong() - clock.nanoTime())));
            runDue();
        }
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Optional<Slot> slot() {
        return engine.slot();
    }

    @Override
    public long submit(Submission task, @Nullable TaskListener listener) {
        return engine.submit(task, listener);
    }

    @Override
    public TaskHandle start(Submission task) {
        return engine.start(task);
    }

    /** Runs what is due until all have ended; the clock moves on meanwhile, as far as the timeout. */
    @Override
    public List<Result> await(List<Submission> tasks, Duration timeout) {
        return engine.await(tasks, timeout);
    }

    /** Answered at once, unless a handler asks. */
    @Override
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        return answered(() -> engine.deadTasks(afterId, limit));
    }

    @Override
    public CompletionStage<Boolean> rerun(long taskId) {
        return answered(() -> engine.rerun(taskId));
    }

    @Override
    public CompletionStage<Boolean> discard(long taskId) {
        return answered(() -> engine.discard(taskId));
    }

    private <T> CompletionStage<T> answered(Supplier<CompletionStage<T>> question) {
        var answer = question.get();
        if (slot().isEmpty()) {
            settle();
        }
        return answer;
    }

    @Override
    Engine engine() {
        return engine;
    }

    @Override
    public Stats stats() {
        onLoops[0] = Threads.as(onLoops[0], () -> loops.getFirst().runPosted()); // what it has been told is counted
        return engine.stats();
    }

    /** There are no children to replace. */
    @Override
    public void reload(boolean tasksOnly) {
        engine.reload(tasksOnly);
    }

    /** The program stops when this engine runs next. */
    @Override
    public void shutdown() {
        engine.shutdown();
    }

    /** As {@link #shutdown()}, when nothing waits for a slot. */
    @Override
    public void shutdown(Duration patience) {
        engine.shutdown(patience);
    }

    /** Stops the program in order, if it has not stopped; moves the clock on as far as that takes. */
    @Override
    public void close() {
        shutdown();
        runDue();
        while (!stopped.isDone() && runNext()) {
            runDue();
        }
        release.run();
        CurrentEngine.clear(); // this thread has been each of the program's
    }
}
