package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Engine;
import dev.shunt.engine.Handle;
import dev.shunt.engine.manager.Schedules;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TaskTypes;
import dev.shunt.plan.TypedHandler;
import dev.shunt.server.Server;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs a server's task handlers without processes, sockets and threads, and only when told: for tests of handlers, of their
 * options and of what happens with their results. Time stands still until the test moves the {@link #clock}.
 *
 * <pre>
 *   var engine = ManualEngine.of(server);
 *   var mail = server.submit(new SendMail("ann"), TaskOptions.DEFAULT.retries(3));
 *   engine.runDue();                                 // the mail server is down: the first attempt fails
 *   engine.clock().advance(Duration.ofSeconds(1));
 *   engine.runDue();                                 // the second one does not
 *   assertThat(engine.await(mail)).isInstanceOf(Result.Done.class);
 * </pre>
 *
 * Groups of task slots are one here. What leaves the process elsewhere is encoded and decoded here as well. A handler that hangs hangs the test: there is no other
 * thread to interrupt it. Not safe for use by several threads.
 */
public final class ManualEngine implements Engine, Effects<ManualEngine.Given> {

    /** A task and whom to tell of it. */
    record Given(
            long id, Submission task, TaskListener listener, boolean streamed, long acceptedAtMillis, int source) {}

    private record Leased(ChildLoad<Given> child, long lease, Work<Given> work) {}

    /** @param id 0 for a look at the clock, which is nothing that happens */
    private record Timer(long id, long dueNanos, Duration delay, boolean repeat, Runnable action) {}

    private final SettableClock clock = new SettableClock();
    private final Plan plan;
    private final TaskTypes types;
    private final Dispatcher<Given> dispatcher;
    private final MemoryTaskLog letters = new MemoryTaskLog();
    private final Deque<Leased> leased = new ArrayDeque<>();
    private final Deque<Runnable> afterStep = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos));
    private final Map<Long, Work<Given>> works = new HashMap<>();
    private final Loop loop = new Loop() {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            timers.add(new Timer(0, clock.nanoTime() + delay.toNanos(), delay, false, command));
            return CompletableFuture.completedFuture(null);
        }
    };
    private @Nullable Leased running;
    private boolean runningIsCancelled;
    private long lastTask = -1;
    private long lastTimer;
    private long submitted;
    private long happened;
    private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);

    private ManualEngine(Plan plan) {
        this.plan = plan;
        this.types = plan.taskTypes();
        if (plan.taskGroups().isEmpty()) {
            throw new IllegalArgumentException("a server without tasks; set taskWorkerNum and onTask");
        }
        var options = new DispatcherOptions(
                plan.settings().queue().maxTasks(),
                DispatcherOptions.YIELD_GRACE,
                0,
                0,
                plan.taskGroups().stream()
                        .flatMap(group -> group.tasks().stream())
                        .flatMap(spec -> spec.typed().stream())
                        .map(TypedHandler::rate)
                        .toList());
        this.dispatcher = new Dispatcher<>(List.of(slots()), options, clock, new SplittableRandom(1), this);
        dispatcher.childUp(0);
        new Schedules(loop, Runnable::run, clock).start(plan, this);
    }

    /** Of all groups: on one thread no task is in another's way. */
    private int slots() {
        return plan.taskGroups().stream().mapToInt(Group::slots).sum();
    }

    /** Where it would run. */
    private Group group(Submission task) {
        return plan.groups().get(types.route(task.type()).orElseThrow().group());
    }

    /** Instead of {@link Server#start}: what the server is asked for happens here from now on. */
    public static ManualEngine of(Server server) {
        var engine = new CompletableFuture<ManualEngine>();
        server.startOn(plan -> {
            engine.complete(new ManualEngine(plan));
            return engine.join();
        });
        return engine.join();
    }

    /** Stands at the epoch at first. */
    public SettableClock clock() {
        return clock;
    }

    /** Runs, on this thread, all timers, schedules and tasks that are due, also those these ask for; returns how many tasks ran. */
    public int runDue() {
        int runs = 0;
        settleDown();
        for (Leased next = leased.poll(); next != null; next = leased.poll()) {
            run(next);
            runs++;
            settleDown();
        }
        return runs;
    }

    /** Goes on to the next time at which something is due, and runs that; returns false if nothing ever will be. */
    public boolean runNext() {
        runDue();
        long before = happened;
        while (happened == before) {
            OptionalLong due = nextDueNanos();
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

    private void settleDown() {
        boolean more = true;
        while (more) {
            dispatcher.tick();
            more = !afterStep.isEmpty();
            for (Runnable next = afterStep.poll(); next != null; next = afterStep.poll()) {
                next.run();
            }
            more |= fireTimer();
        }
    }

    private boolean fireTimer() {
        Timer next = timers.peek();
        if (next == null || next.dueNanos() > clock.nanoTime()) {
            return false;
        }
        timers.remove();
        if (next.id() != 0) {
            happened++;
        }
        if (next.repeat()) {
            timers.add(
                    new Timer(next.id(), clock.nanoTime() + next.delay().toNanos(), next.delay(), true, next.action()));
        }
        next.action().run();
        return true;
    }

    private OptionalLong nextDueNanos() {
        OptionalLong task = dispatcher.nextDueNanos();
        Timer timer = timers.peek();
        if (timer == null) {
            return task;
        }
        return OptionalLong.of(Math.min(timer.dueNanos(), task.orElse(Long.MAX_VALUE)));
    }

    private void run(Leased lease) {
        Given given = lease.work().item();
        happened++;
        running = lease;
        runningIsCancelled = false;
        var deadline = given.task().options().deadline().map(Instant.ofEpochMilli(given.acceptedAtMillis())::plus);
        var run = new Task.Run() {
            @Override
            public boolean isCancelled() {
                return runningIsCancelled;
            }

            @Override
            public boolean finished(Data result) {
                if (given.streamed()) {
                    Data encoded = result.encoded();
                    afterStep.add(() -> given.listener()
                            .finished(new Result.Done(
                                    given.id(), encoded, given.task().options().context())));
                }
                return given.streamed();
            }

            @Override
            public void progressed(Data progress) {
                Data encoded = progress.encoded();
                afterStep.add(() -> given.listener().progressed(encoded));
            }
        };
        var task = new Task(given.id(), given.task().data(), lease.work().attempt(), given.source(), deadline, run);
        long began = clock.nanoTime();
        int type = types.route(given.task().type()).orElseThrow().type();
        var settlement = HandlerRun.task(spec(given.task()), type, task).encoded();
        running = null;
        var over = dispatcher.settled(lease.child(), lease.lease(), settlement.failed(), clock.nanoTime() - began);
        if (over != null) {
            end(over, settlement);
        }
    }

    private TaskSpec spec(Submission task) {
        return group(task).tasks().orElseThrow();
    }

    private void end(Work<Given> work, Settlement settlement) {
        happened++;
        Given given = work.item();
        works.remove(given.id());
        ended.merge(settlement.outcome(), 1L, Long::sum);
        if (dies(given, settlement)) {
            keep(new Entry.Died(new DeadTask(
                    stored(given, work.attempt()),
                    settlement.outcome().name(),
                    settlement.reason(),
                    clock.epochMillis())));
        }
        if (settlement.outcome() != Outcome.ANSWERED) { // else all there is to say has been said
            var result = settlement.asResult(given.id(), given.task().options().context());
            afterStep.add(() -> given.listener().ended(result));
        }
        work.joined().forEach(joined -> end(joined, settlement));
    }

    private static boolean dies(Given given, Settlement settlement) {
        return given.task().options().keptWhenDead()
                && switch (settlement.outcome()) {
                    case FAILED, LOST, TIMED_OUT -> true;
                    case DONE, ANSWERED, REJECTED, CANCELLED -> false;
                };
    }

    private StoredTask stored(Given given, int attempts) {
        return new StoredTask(
                given.id(),
                spec(given.task()).typeName(types.route(given.task().type()).orElseThrow().type()),
                given.task().data(),
                given.task().options(),
                given.source(),
                given.acceptedAtMillis(),
                attempts,
                clock.epochMillis());
    }

    private void keep(Entry entry) {
        letters.append(entry, Durability.MEMORY, problem -> {
            if (problem != null) {
                throw new IllegalStateException(problem);
            }
        });
    }

    // What handlers and tests ask for

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Optional<Slot> slot() {
        return running == null ? Optional.empty() : Optional.of(plan.slot(group(running.work().item().task()), 0));
    }

    @Override
    public long submit(Submission task, @Nullable TaskListener listener) {
        boolean streamed = listener == null && task.options().unique().isEmpty();
        return give(task, listener == null ? plan.hooks().tasks() : listener, streamed);
    }

    @Override
    public TaskHandle start(Submission task) {
        var handle = new Handle(task, this::cancelTask);
        long id = give(task, handle, false);
        if (task.options().durability() != Durability.MEMORY) {
            handle.stored(null);
        }
        return handle.withId(id);
    }

    private long give(Submission task, TaskListener listener, boolean streamed) {
        task.options().slot().ifPresent(group(task)::checkSlot);
        long now = clock.epochMillis();
        var given = new Given(
                ++lastTask,
                task.encoded(),
                listener,
                streamed,
                now,
                slot().map(Slot::id).orElse(0));
        submitted++;
        var work = Work.task(given, RunPolicy.of(task.options(), false, now, now), task.type(), 0);
        works.put(given.id(), work);
        dispatcher.submit(work);
        return given.id();
    }

    private void cancelTask(long taskId) {
        Work<Given> work = works.get(taskId);
        if (work != null) {
            dispatcher.cancel(work);
        }
    }

    /** Runs what is due until all have ended, without moving the clock. */
    @Override
    public List<Result> await(List<Submission> tasks, Duration timeout) {
        var handles = tasks.stream().map(this::start).toList();
        runDue();
        var results = new ArrayList<Result>();
        for (int i = 0; i < handles.size(); i++) {
            var missing = new Result.TimedOut(
                    handles.get(i).id(), tasks.get(i).options().context());
            results.add(handles.get(i).result().toCompletableFuture().getNow(missing));
        }
        return results;
    }

    @Override
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        try {
            return CompletableFuture.completedStage(letters.deadTasks(afterId, limit));
        } catch (IOException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public CompletionStage<Boolean> rerun(long taskId) {
        return taken(taskId).thenApply(letter -> {
            letter.ifPresent(dead -> {
                var route = types.route(dead.task().type()).orElseThrow();
                submit(new Submission(dead.task().data(), types.number(route), dead.task().options()), null);
            });
            return letter.isPresent();
        });
    }

    @Override
    public CompletionStage<Boolean> discard(long taskId) {
        return taken(taskId).thenApply(Optional::isPresent);
    }

    private CompletionStage<Optional<DeadTask>> taken(long taskId) {
        try {
            var letter = letters.dead(taskId);
            letter.ifPresent(_ -> keep(new Entry.Discarded(taskId)));
            return CompletableFuture.completedStage(letter);
        } catch (IOException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public boolean post(int slotId, Data message) {
        Slot target = plan.slot(slotId);
        if (slot().filter(target::equals).isPresent()) {
            return false;
        }
        Data encoded = message.encoded();
        int source = slot().map(Slot::id).orElse(-1);
        afterStep.add(() -> {
            try {
                plan.hooks().message(source, encoded);
            } catch (Exception e) {
                throw new IllegalStateException("the callback for a message threw", e);
            }
        });
        return true;
    }

    /** There are no connections. */
    @Override
    public boolean send(long connectionId, Object message) {
        return false;
    }

    /** There are no connections. */
    @Override
    public boolean close(long connectionId) {
        return false;
    }

    @Override
    public Connection connect(
            Endpoint endpoint, ApplicationProtocol protocol, Limits limits, ConnectionHandlers handlers) {
        throw new UnsupportedOperationException("a manual engine opens no connections; start the program for that");
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        timers.add(new Timer(++lastTimer, clock.nanoTime() + delay.toNanos(), delay, repeat, action));
        return lastTimer;
    }

    @Override
    public boolean cancel(long timerId) {
        return timers.removeIf(timer -> timer.id() == timerId);
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of();
    }

    @Override
    public Stats stats() {
        int runs = running == null ? 0 : 1;
        return new Stats(
                0,
                0,
                0,
                0,
                0,
                0,
                slots(),
                slots() - runs,
                plan.settings().queue().maxTasks(),
                works.size() - runs,
                runs,
                submitted,
                count(Outcome.DONE) + count(Outcome.ANSWERED),
                count(Outcome.FAILED),
                count(Outcome.LOST),
                count(Outcome.TIMED_OUT),
                count(Outcome.CANCELLED),
                count(Outcome.REJECTED),
                dispatcher.retried(),
                deadTasks(-1, Integer.MAX_VALUE).toCompletableFuture().join().size(),
                0);
    }

    private long count(Outcome how) {
        return ended.getOrDefault(how, 0L);
    }

    /** There are no children to replace. */
    @Override
    public void reload(boolean tasksOnly) {}

    /** There is nothing to stop. */
    @Override
    public void shutdown() {}

    // What the dispatcher wants

    @Override
    public void lease(ChildLoad<Given> child, long lease, Work<Given> work) {
        leased.add(new Leased(child, lease, work));
    }

    @Override
    public void takeBack(ChildLoad<Given> child, int count) {
        afterStep.add(() -> dispatcher.takenBack(child, List.of()));
    }

    @Override
    public void interrupt(ChildLoad<Given> child, long lease) {
        if (running != null && running.lease() == lease) {
            runningIsCancelled = true;
        } else if (leased.removeIf(waiting -> waiting.lease() == lease)) {
            afterStep.add(() -> dispatcher.takenBack(child, List.of(lease)));
        }
    }

    @Override
    public boolean replace(ChildLoad<Given> child, String why) {
        return false;
    }

    @Override
    public long runningNanos(ChildLoad<Given> child, long lease) {
        return -1;
    }

    @Override
    public void retried(Work<Given> work, long delayNanos) {}

    @Override
    public void ended(Work<Given> work, Ending ending) {
        afterStep.add(() -> end(work, Settlement.of(ending)));
    }
}
