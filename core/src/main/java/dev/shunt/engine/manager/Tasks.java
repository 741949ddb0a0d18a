package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.plan.Group;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.WhenFull;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager's tasks: takes them in, has those stored that must be, and brings each one's result to where it was asked for.
 * Ids come from any thread, all else happens on the main loop.
 *
 * <pre>
 *   accept ──► (full: rejected, waits or spills) ──► (durable: stored) ──► enter ──► dispatcher ──► ended ──► (stored) ──► told
 * </pre>
 */
final class Tasks implements Backlog.Taker {

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

    /** Tasks on their way to the log, which takes what it is given at once; more are not spilled but rejected. */
    private static final int MAX_STORING = 100_000;

    private static final String STOPPING = "the program is stopping";
    private static final Duration SETTLE_AGAIN = Duration.ofSeconds(1);

    /** A task for which there was no room, and what is to be called when there is. */
    private record Waiting(TaskItem task, Runnable taken) {}

    private final GroupRun<TaskItem> run;
    private final TaskSpec spec;
    private final QueueLimit limit;
    private final Loop loop;
    private final Clock clock;
    private final Payloads payloads;
    private final Journal journal;
    private final Callers callers;
    private final Origin.Here nobody;
    private final Backlog backlog;
    private final InOrder inOrder;
    private final DeadLetters letters;
    private final TaskIds ids;
    private final TaskCounts counts = new TaskCounts();
    private final Watermark level;
    private final SequencedMap<Long, Waiting> waiting = new LinkedHashMap<>();
    private final Deadlines deadlines;

    /** What may be cancelled, by id; of these, what was cancelled before the dispatcher had it. */
    private final Map<Long, @Nullable Work<TaskItem>> handled = new HashMap<>();

    private final Set<Long> cancelledEarly = new HashSet<>();
    private int storing;
    private int settling;

    /**
     * @param nobody where results go if whoever asked is gone
     * @param full told true when the queue is nearly full, false when it no longer is
     */
    Tasks(
            GroupRun<TaskItem> run,
            QueueLimit limit,
            TaskIds ids,
            Journal journal,
            Payloads payloads,
            Origin.Here nobody,
            Callers.ToChild toChild,
            Consumer<Boolean> full) {
        this.run = run;
        this.spec = run.group().tasks().orElseThrow();
        this.limit = limit;
        this.loop = run.loop();
        this.clock = run.clock();
        this.level = new Watermark(limit.maxTasks(), full);
        this.payloads = payloads;
        this.journal = journal;
        this.callers = new Callers(loop, toChild);
        this.letters = new DeadLetters(spec, journal, clock, this::revived);
        this.nobody = nobody;
        this.backlog = new Backlog(journal, loop, this);
        this.inOrder = new InOrder(backlog::isRecovered, this::enter);
        this.deadlines = new Deadlines(loop, this::deadlinePassed);
        this.ids = ids;
    }

    /** Goes on with what an earlier run of the program left in the log. */
    void recover() {
        backlog.start();
    }

    // In

    /**
     * From any thread.
     *
     * @param taken called on the loop when there is room for the task, if there is none yet; null if it is not to wait
     */
    long submit(Submission task, int source, Origin origin, @Nullable Runnable taken) {
        long id = ids.next();
        long now = clock.epochMillis();
        var item = new TaskItem(id, task, source, origin, now, isDurable(task), false);
        if (loop.inLoop()) {
            accept(item, taken);
        } else {
            fromElsewhere(item, taken);
        }
        return id;
    }

    private void fromElsewhere(TaskItem task, @Nullable Runnable taken) {
        try {
            loop.execute(() -> accept(task, taken));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the program has stopped and takes no more tasks", e);
        }
    }

    /** A task that a child asked for, under the id the child gave it. */
    void submitFromChild(Frame.Submit frame, int source, Origin.InChild origin) {
        long now = clock.epochMillis();
        Runnable taken = limit.whenFull() == WhenFull.WAIT && mayWait(origin)
                ? () -> callers.taken(origin, new Frame.TaskTaken(frame.taskId()))
                : null;
        payloads.unpack(
                Payloads.ofChild(origin.serial()),
                frame.payload(),
                data -> {
                    var task = new Submission(data, frame.type(), frame.options());
                    accept(new TaskItem(frame.taskId(), task, source, origin, now, isDurable(task), false), taken);
                },
                problem -> {
                    counts.countSubmitted();
                    var task = new Submission(Data.empty(), frame.type(), frame.options());
                    reject(new TaskItem(frame.taskId(), task, source, origin, now, false, false), problem);
                    if (taken != null) {
                        taken.run();
                    }
                });
    }

    /** A task of this group that waited for room in its own queue could wait for ever. */
    private boolean mayWait(Origin.InChild origin) {
        return origin.group() != run.index();
    }

    private void accept(TaskItem task, @Nullable Runnable taken) {
        counts.countSubmitted();
        if (task.origin().interest() == Interest.HANDLE) {
            handled.put(task.id(), null);
        }
        boolean stopping = run.dispatcher().isStopping();
        boolean spills = limit.whenFull() == WhenFull.SPILL && !stopping && storing < MAX_STORING;
        if (!isFull() && !(spills && backlog.spilled() > 0)) {
            take(task);
        } else if (spills) {
            spill(task);
        } else if (taken != null && !stopping && waiting.size() < limit.maxTasks()) {
            waiting.put(task.id(), new Waiting(task, taken));
            deadlines.watch(task.id(), policy(task).deadlineNanos());
            return;
        } else {
            reject(task, stopping ? STOPPING : fullQueue(taken != null));
        }
        if (taken != null) {
            taken.run();
        }
        level.now(queued());
    }

    private String fullQueue(boolean mayWait) {
        String full = "the queue is full: " + limit.maxTasks() + " tasks wait already";
        if (mayWait) {
            return full + ", and as many for room";
        }
        return limit.whenFull() == WhenFull.WAIT
                ? full
                        + "; this caller cannot wait for room, which only a worker with connections that is no event loop"
                        + " can (placement(IN_PROCESS) or placement(CHILDREN)), or a thread of your own"
                : full;
    }

    /** Not before the call that submitted it has returned, so that a callback may submit it again. */
    private void reject(TaskItem task, String reason) {
        run.later(() -> ended(task.unstored(), 0, Settlement.rejected(reason)));
    }

    private boolean isFull() {
        return queued() >= limit.maxTasks() || run.dispatcher().isStopping();
    }

    /** Tasks in memory that wait. */
    private int queued() {
        return run.dispatcher().queued() + storing + inOrder.size();
    }

    private void take(TaskItem task) {
        if (InOrder.isFor(task)) {
            deadlines.watch(task.id(), policy(task).deadlineNanos());
        }
        if (!task.stored()) {
            inOrder.add(task);
        } else if (InOrder.isFor(task)) {
            inOrder.addGiven(task);
            store(task, 0, () -> {});
        } else {
            inOrder.given();
            store(task, 1, () -> enter(task));
        }
    }

    private void spill(TaskItem task) {
        var stored = task.inLog();
        backlog.expect(stored);
        inOrder.given();
        store(stored, 1, () -> leaveInLog(stored));
    }

    /** It comes back when there is room, or when it is to end. */
    private void leaveInLog(TaskItem task) {
        deadlines.watch(task.id(), policy(task).deadlineNanos());
        backlog.add(task);
        if (cancelledEarly.contains(task.id())) {
            backlog.fetchNow(task.id());
        }
    }

    /** @param waits 0 if it is counted elsewhere meanwhile */
    private void store(TaskItem task, int waits, Runnable then) {
        storing += waits;
        var entry = new Entry.Accepted(task.toStore(spec.typeName(task.task().type()), 0, task.acceptedAtMillis()));
        journal.append(entry, durability(task), problem -> {
            storing -= waits;
            callers.stored(task, problem);
            if (problem == null) {
                inOrder.kept(task);
                then.run();
            } else {
                deadlines.forget(task.id());
                inOrder.notKept(task);
                backlog.forget(task);
                reject(task, "it cannot be stored: " + problem.getMessage());
                moved();
            }
        });
    }

    private void enter(TaskItem task) {
        if (InOrder.isFor(task)) {
            deadlines.forget(task.id());
        }
        enter(task, 0, policy(task));
    }

    private void enter(TaskItem task, int attempts, RunPolicy policy) {
        if (cancelledEarly.remove(task.id())) {
            run.later(() -> ended(task, attempts, Settlement.of(Outcome.CANCELLED, Data.empty())));
            return;
        }
        var work = Work.<TaskItem>task(task, policy, task.task().type(), attempts);
        if (handled.containsKey(task.id())) {
            handled.put(task.id(), work);
        }
        run.submit(work);
    }

    @Override
    public int room() {
        return limit.maxTasks() - (queued() - inOrder.size()); // which may wait for what is to be fetched
    }

    @Override
    public void fetched(StoredTask stored, Optional<Origin> asker) {
        deadlines.forget(stored.id());
        var type = spec.type(stored.type());
        if (type.isPresent()) {
            var task = item(stored, type.get(), asker);
            enter(task, stored.attempts(), policy(task).dueAt(stored.dueAtMillis(), clock.epochMillis()));
        } else {
            LOG.warn(
                    "task {} of type '{}' stays in the log: this program has no handler for it",
                    stored.id(),
                    stored.type());
            backlog.over(stored.id());
        }
    }

    private TaskItem item(StoredTask stored, int type, Optional<Origin> asker) {
        Origin origin = asker.orElse(nobody);
        return new TaskItem(
                stored.id(),
                new Submission(stored.data(), type, stored.options()),
                stored.source(),
                stored.options().unique().isEmpty() ? origin : origin.toldOnce(),
                stored.acceptedAtMillis(),
                true,
                asker.isEmpty());
    }

    @Override
    public void unreadable(long taskId, Optional<Origin> asker, String problem) {
        LOG.error("task {} does not run: {}", taskId, problem);
        var task = new TaskItem(
                taskId,
                Submission.untyped(Data.empty(), TaskOptions.DEFAULT),
                0,
                asker.orElse(nobody),
                clock.epochMillis(),
                false,
                asker.isEmpty());
        run.later(() -> tell(task, Settlement.lost(problem)));
    }

    @Override
    public void recovered() {
        inOrder.proceed();
    }

    /** A dead letter, which is in the log as a task from now on. */
    private void revived(StoredTask stored) {
        counts.countSubmitted();
        spec.type(stored.type()).ifPresent(type -> inOrder.add(item(stored, type, Optional.empty())));
    }

    // Under way

    /** For a child: after what it submitted before, which may be on its way from the disk. */
    void cancelFromChild(long serial, long taskId) {
        payloads.inLine(Payloads.ofChild(serial), () -> cancel(taskId));
    }

    /** Ends a task that was submitted with a handle, as far as it can be. */
    void cancel(long taskId) {
        if (handled.containsKey(taskId)) {
            Work<TaskItem> work = handled.get(taskId);
            if (work == null) {
                cancelledEarly.add(taskId);
                enterNow(taskId);
            } else {
                run.cancel(work);
            }
        }
    }

    /** The thread that waits for room was interrupted; from any thread. */
    void withdraw(long taskId) {
        loop.execute(() -> endWaiting(taskId, Settlement.rejected("whoever waited for room for it was interrupted")));
    }

    void withdrawFromChild(long serial, long taskId) {
        payloads.inLine(Payloads.ofChild(serial), () -> withdraw(taskId));
    }

    private void deadlinePassed(long taskId) {
        endWaiting(taskId, Settlement.of(Outcome.TIMED_OUT, Data.empty()));
        enterNow(taskId);
    }

    /** It is to end, wherever it waits. */
    private void enterNow(long taskId) {
        inOrder.addNow(taskId);
        backlog.fetchNow(taskId);
    }

    /** Does nothing if it does not wait for room, or no longer. */
    private void endWaiting(long taskId, Settlement settlement) {
        var ending = waiting.remove(taskId);
        if (ending != null) {
            deadlines.forget(taskId);
            ended(ending.task().unstored(), 0, settlement);
            ending.taken().run();
        }
    }

    void retried(TaskItem task, int attempts, long delayNanos) {
        if (task.stored()) {
            long due = clock.epochMillis() + delayNanos / 1_000_000;
            journal.append(new Entry.Retried(task.id(), attempts, due), Durability.DISK);
        }
    }

    // Out

    /** Something has started, ended or come to its time: there may be room for what waits outside. */
    void moved() {
        takeWaiting();
        backlog.fetch();
        level.now(queued());
    }

    /** The program stops, and the log keeps it: it is not over. */
    void kept(TaskItem task) {
        if (!journal.outlivesProcess()) {
            ended(task, 0, Settlement.rejected(STOPPING));
        } else if (!task.recovered()) { // else who could be told is gone, and nothing has changed
            tell(task, Settlement.of(new Ending.Kept()));
        } else {
            backlog.over(task.id());
        }
    }

    /** Nobody waits for room any more. */
    void stop() {
        backlog.stop();
        List.copyOf(waiting.keySet()).forEach(id -> endWaiting(id, Settlement.rejected(STOPPING)));
        inOrder.proceed();
    }

    /** The deadline of the stop has passed. */
    void giveUp() {
        backlog.giveUp();
        inOrder.giveUp().forEach(task -> ended(task, 0, Settlement.rejected(STOPPING)));
    }

    private void takeWaiting() {
        while (!waiting.isEmpty() && !isFull() && backlog.isEmpty()) { // the log's tasks were accepted before
            var next = waiting.pollFirstEntry().getValue();
            deadlines.forget(next.task().id());
            take(next.task());
            next.taken().run();
        }
    }

    /** The log hears first: what whoever asked was told of never runs again. */
    void ended(TaskItem task, int attempts, Settlement settlement) {
        boolean dead = DeadLetters.keep(task, settlement);
        if (!task.stored() && !dead) {
            tell(task, settlement);
            return;
        }
        settling++;
        Entry entry = dead ? letters.letter(task, attempts, settlement) : new Entry.Settled(task.id());
        journal.append(entry, durability(task), problem -> {
            settling--;
            if (problem != null) {
                LOG.error(
                        "task {} has ended, but the log cannot keep that: {}; it is told again until it can",
                        task.id(),
                        problem.getMessage());
                settleAgain(entry, durability(task));
            } else if (dead) {
                letters.recount();
            }
            tell(task, settlement);
        });
    }

    /** Else the task would run again in the next run of the program. */
    private void settleAgain(Entry entry, Durability durability) {
        var _ = loop.schedule(
                () -> journal.append(entry, durability, problem -> {
                    if (problem != null) {
                        settleAgain(entry, durability);
                    } else if (entry instanceof Entry.Died) {
                        letters.recount();
                    }
                }),
                SETTLE_AGAIN);
    }

    private void tell(TaskItem task, Settlement settlement) {
        counts.countEnded(settlement.outcome());
        backlog.over(task.id());
        if (task.origin().interest() == Interest.HANDLE) {
            handled.remove(task.id());
            cancelledEarly.remove(task.id());
        }
        callers.tell(task, settlement);
    }

    // What it looks like

    Group group() {
        return run.group();
    }

    TaskCounts counts() {
        return counts;
    }

    DeadLetters letters() {
        return letters;
    }

    Callers callers() {
        return callers;
    }

    /** What is accepted and not started, wherever it is. */
    long waits() {
        return queued() + waiting.size() + backlog.size();
    }

    /** What is started, or has ended and the log is not yet told. */
    int runs() {
        return run.dispatcher().running() + settling;
    }

    private RunPolicy policy(TaskItem task) {
        boolean kept = task.stored() && journal.outlivesProcess();
        return RunPolicy.of(task.options(), kept, task.acceptedAtMillis(), clock.epochMillis());
    }

    private static boolean isDurable(Submission task) {
        return task.options().durability() != Durability.MEMORY;
    }

    /** One that is in the log only for want of room need not survive more than the processes. */
    private static Durability durability(TaskItem task) {
        var wanted = task.options().durability();
        return wanted == Durability.MEMORY && task.stored() ? Durability.DISK : wanted;
    }
}
