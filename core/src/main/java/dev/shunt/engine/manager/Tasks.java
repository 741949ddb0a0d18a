package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.intake.Alarms.Alarm;
import dev.shunt.intake.Handover;
import dev.shunt.intake.Intake;
import dev.shunt.intake.IntakeLimits;
import dev.shunt.intake.NotEntered;
import dev.shunt.intake.NotEntered.Cancelled;
import dev.shunt.intake.NotEntered.KeyTaken;
import dev.shunt.intake.NotEntered.NotStored;
import dev.shunt.intake.NotEntered.QueueFull;
import dev.shunt.intake.NotEntered.Stopping;
import dev.shunt.intake.NotEntered.TimedOut;
import dev.shunt.intake.NotEntered.Unreadable;
import dev.shunt.intake.NotEntered.Withdrawn;
import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.WhenFull;
import dev.shunt.task.Durability;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The tasks of one group in the manager: takes them in, has those stored that must be, and brings each one's result to
 * where it was asked for. Ids come from any thread, all else happens on the main loop.
 *
 * <pre>
 *   submit ──► Intake ──► enter ──► Dispatcher ──► ended ──► (the log hears) ──► told
 *                └── rejected, cancelled, out of time ──┘
 * </pre>
 */
final class Tasks implements Handover<TaskItem> {

    private static final Logger LOG = Log.of(Tasks.class);

    private final GroupRun<TaskItem> run;
    private final TaskSpec spec;
    private final Plan plan;
    private final QueueLimit limit;
    private final Loop loop;
    private final Clock clock;
    private final TurnTime turnTime;
    private final Payloads payloads;
    private final Journal journal;
    private final Callers callers;
    private final Origin.Here nobody;
    private final Intake<TaskItem> intake;
    private final Deaths deaths;
    private final Settlements settlements;
    private final TaskIds ids;
    private final @Nullable SharedIntake sharing;
    private final Elsewhere elsewhere;
    private final Watermark level;
    private boolean draining;

    /**
     * @param sharing has the durable ones if nodes share them, in place of the journal
     * @param full told true when the group's queue is nearly full, false when it no longer is
     */
    Tasks(
            GroupRun<TaskItem> run,
            TaskParts shared,
            @Nullable SharedIntake sharing,
            DeadLetters letters,
            Consumer<Boolean> full) {
        this.run = run;
        this.spec = run.group().tasks().orElseThrow();
        this.plan = shared.plan();
        this.limit = plan.settings().queue().forEachOf(plan.taskGroups().size());
        this.loop = run.loop();
        this.clock = run.clock();
        this.turnTime = new TurnTime(loop, clock);
        this.level = new Watermark(limit.maxTasks(), limit.maxBytes(), full);
        this.payloads = shared.payloads();
        this.journal = shared.journal();
        this.callers = new Callers(loop, clock, limit.maxResultBytes(), shared.toChild(), run::pauseOf);
        this.nobody = shared.nobody();
        this.intake = new Intake<>(
                new IntakeLimits(
                        limit.maxTasks(),
                        limit.maxBytes(),
                        limit.maxDelayed(),
                        limit.maxDelayedBytes(),
                        limit.whenFull() == WhenFull.SPILL),
                clock,
                new TaskStore(spec, journal, callers),
                this::alarm,
                this);
        this.deaths = new Deaths(journal);
        this.settlements = new Settlements(run, journal, letters, callers, deaths, turnTime, this::over);
        this.ids = shared.ids();
        this.sharing = sharing;
        this.elsewhere = new Elsewhere(loop, limit.maxBytes(), this::accept, this::hasNoRoomOnItsWay);
    }

    /** Goes on with what an earlier run of the program left in the log. */
    void recover() {
        intake.recover();
    }

    // In

    /**
     * From any thread.
     *
     * @param task with the group's own number for its type
     * @param taken called on the loop when there is room for the task, if there is none yet; null if it is not to wait
     */
    long submit(Submission task, int source, Origin origin, @Nullable Runnable taken) {
        long id = ids.next();
        long nanos = turnTime.nanosOf(task.options());
        var item =
                new TaskItem(id, task, source, origin, turnTime.millisOf(task.options()), nanos, isStored(task), false);
        if (loop.inLoop()) {
            accept(item, taken);
        } else {
            elsewhere.submit(item, taken);
        }
        return id;
    }

    private void hasNoRoomOnItsWay(TaskItem task) {
        settlements.counts().countSubmitted(task);
        turnAway(task, new FullQueue(limit).onTheWay());
    }

    /** A task that a child asked for, under the id the child gave it. */
    void submitFromChild(Frame.Submit frame, int source, Origin.InChild origin) {
        long nanos = turnTime.nanosOf(frame.options());
        long now = turnTime.millisOf(frame.options());
        Runnable taken = taken(frame, origin);
        payloads.unpack(Payloads.ofChild(origin.serial()), frame.payload())
                .then(
                        data -> {
                            var task = new Submission(data, frame.type(), frame.options());
                            accept(
                                    new TaskItem(
                                            frame.taskId(), task, source, origin, now, nanos, isStored(task), false),
                                    taken);
                        },
                        problem -> {
                            var task = new Submission(Data.empty(), frame.type(), frame.options());
                            var item = new TaskItem(frame.taskId(), task, source, origin, now, nanos, false, false);
                            settlements.counts().countSubmitted(item);
                            run.later(() -> settlements.tellOfOther(item, Settlement.rejected(problem)));
                            if (taken != null) {
                                taken.run();
                            }
                        });
    }

    void broke(Frame.Submit frame, int source, Origin.InChild origin, Throwable problem) {
        var task = new Submission(Data.empty(), frame.type(), frame.options());
        broke(
                new TaskItem(frame.taskId(), task, source, origin, clock.epochMillis(), clock.nanoTime(), false, false),
                problem);
        Runnable taken = taken(frame, origin);
        if (taken != null) {
            taken.run();
        }
    }

    /** Tells a child that waits for room that it need not wait any more; null if it does not. */
    private @Nullable Runnable taken(Frame.Submit frame, Origin.InChild origin) {
        return limit.whenFull() == WhenFull.WAIT && mayWait(origin)
                ? () -> callers.taken(origin, new Frame.TaskTaken(frame.taskId()))
                : null;
    }

    /** Tasks that waited for room in each other's queues, or in their own, could wait for ever. */
    private boolean mayWait(Origin.InChild origin) {
        return !plan.groups().get(origin.group()).runsTasks();
    }

    private void accept(TaskItem task, @Nullable Runnable taken) {
        settlements.counts().countSubmitted(task);
        try {
            if (draining) {
                turnAway(task, "group " + group().name() + " is draining: it takes no more tasks until it is resumed");
                if (taken != null) {
                    taken.run();
                }
                return;
            }
            if (sharing != null && isDurable(task.task())) {
                sharing.offer(this, task, taken);
                return;
            }
            intake.accept(task, taken);
        } catch (RuntimeException | Error e) {
            FatalErrors.letOn(e);
            broke(task, e);
            if (taken != null) {
                taken.run();
            }
        }
        level.now(intake.queued(), intake.queuedBytes());
    }

    /** An error of the engine ends the task that it concerns, and no other. */
    private void broke(TaskItem task, Throwable problem) {
        LOG.error(
                "an error of the engine ends {} of group {}", task, run.group().name(), problem);
        run.later(() -> settlements.ended(task.unstored(), 0, Settlement.failed(problem)));
    }

    private Alarm alarm(long nanos, Runnable ring) {
        var scheduled = loop.schedule(ring, Duration.ofNanos(nanos));
        return () -> scheduled.cancel(false);
    }

    // Out of the intake

    @Override
    public int queued() {
        return run.dispatcher().queued() - run.dispatcher().aside();
    }

    @Override
    public int aside() {
        return run.dispatcher().aside();
    }

    @Override
    public long asideBytes() {
        return run.dispatcher().asideBytes();
    }

    @Override
    public boolean holdsUniqueKey(String key) {
        return run.dispatcher().holdsUniqueKey(key);
    }

    @Override
    public boolean holdsOrderingKey(String key) {
        return run.dispatcher().holdsOrderingKey(key);
    }

    @Override
    public void giveUpUniqueKey(String key) {
        run.giveUpUniqueKey(key);
    }

    @Override
    public Runnable enter(TaskItem task, int attempts, long delayNanos) {
        int attempted = attempts + deaths.count(task.id());
        var end = deaths.end(task.id());
        if (end != null) {
            run.later(() -> settlements.ended(task, attempted, end));
            return () -> {};
        }
        Work<TaskItem> work;
        try {
            work = Work.task(task, policy(task).delayed(delayNanos), task.task().type(), attempted, task.bytes());
        } catch (RuntimeException | Error e) { // its options make no sense
            FatalErrors.letOn(e);
            broke(task, e);
            return () -> {};
        }
        if (deaths.counts(task.id())) {
            work.notPrefetched();
        }
        run.submit(work);
        return () -> run.cancel(work);
    }

    /** Not before the call that submitted it has returned, so that a callback may submit it again. */
    @Override
    public void ended(TaskItem task, boolean inLog, NotEntered why) {
        switch (why) {
            case QueueFull full -> reject(task, new FullQueue(limit).reason(full));
            case KeyTaken(String key) ->
                ended(task, inLog, Settlement.rejected("a task with the unique key '" + key + "' is not over yet"));
            case Stopping _ when inLog -> run.later(() -> settlements.kept(task.inLog()));
            case Stopping _ -> reject(task, Result.Rejected.STOPPING);
            case NotStored(IOException problem) ->
                ended(task, inLog, Settlement.rejected("it cannot be stored: " + problem.getMessage()));
            case Withdrawn _ ->
                ended(task, inLog, Settlement.rejected("whoever waited for room for it was interrupted"));
            case Cancelled _ -> ended(task, inLog, Settlement.of(Outcome.CANCELLED, Data.empty()));
            case TimedOut _ -> ended(task, inLog, Settlement.of(Outcome.TIMED_OUT, Data.empty()));
            case Unreadable(String problem) -> run.later(() -> settlements.unreadable(task, problem));
        }
    }

    private void ended(TaskItem task, boolean inLog, Settlement settlement) {
        var item = inLog ? task.inLog() : task.unstored();
        run.later(() -> settlements.ended(item, 0, settlement));
    }

    /** One that the intake has not seen. */
    private void turnAway(TaskItem task, String reason) {
        run.later(() -> settlements.tellOfOther(task.unstored(), Settlement.rejected(reason)));
    }

    private void reject(TaskItem task, String reason) {
        ended(task, false, Settlement.rejected(reason));
    }

    @Override
    public void damaged(long taskId, String problem) {
        if (!speaksForAll()) {
            return;
        }
        var nothing = Submission.untyped(Data.empty(), TaskOptions.DEFAULT);
        var task = new TaskItem(taskId, nothing, 0, nobody, clock.epochMillis(), clock.nanoTime(), false, true);
        LOG.error("task {} does not run: {}", taskId, problem);
        run.later(() -> settlements.tellOfOther(task, Settlement.lost(problem)));
    }

    @Override
    public TaskItem withoutPayload(TaskItem task) {
        return task.withoutPayload();
    }

    @Override
    public Optional<TaskItem> restored(StoredTask stored, @Nullable TaskItem asked) {
        var type = spec.type(stored.type());
        if (type.isEmpty()
                && speaksForAll()
                && plan.taskTypes().route(stored.type()).isEmpty()) {
            LOG.warn(
                    "task {} of type '{}' stays in the log: this program has no handler for it",
                    stored.id(),
                    stored.type());
        }
        return type.map(known -> asked == null
                ? counted(item(stored, known))
                : TaskItem.of(stored, task(stored, known), asked.origin(), asked.acceptedNanos(), asked.recovered()));
    }

    /** Every group reads the whole log; the first one says what is of no group. */
    private boolean speaksForAll() {
        return plan.indexOf(plan.taskGroups().getFirst()) == run.index();
    }

    /** Of an earlier run: between it and this one only the wall clock tells what has passed, and never less than nothing. */
    private TaskItem item(StoredTask stored, int type) {
        deaths.left(stored);
        long passed = Nanos.ofMillis(clock.epochMillis() - stored.acceptedAtMillis());
        return TaskItem.of(stored, task(stored, type), nobody, clock.nanoTime() - passed, true);
    }

    private Submission task(StoredTask stored, int type) {
        return new Submission(stored.data(), type, stored.options()).with(plan.codec());
    }

    private TaskItem counted(TaskItem recovered) {
        settlements.counts().countRecovered(recovered);
        return recovered;
    }

    /** A dead letter, which is in the log as a task from now on. */
    void revived(StoredTask stored) {
        spec.type(stored.type()).ifPresent(type -> {
            var task = item(stored, type);
            settlements.counts().countSubmitted(task);
            intake.revived(task, stored);
        });
    }

    // Under way

    /** For a child: after what it submitted before, which may be on its way from the disk. */
    void cancelFromChild(long serial, long taskId) {
        payloads.inLine(Payloads.ofChild(serial), () -> cancel(taskId));
    }

    /** Ends a task that was submitted with a handle, as far as it can be. */
    boolean cancel(long taskId) {
        return intake.cancel(taskId);
    }

    /** The thread that waits for room was interrupted; from any thread. */
    void withdraw(long taskId) {
        loop.execute(() -> intake.withdraw(taskId));
    }

    void withdrawFromChild(long serial, long taskId) {
        payloads.inLine(Payloads.ofChild(serial), () -> withdraw(taskId));
    }

    // Out

    void retried(TaskItem task, int attempts, long delayNanos) {
        intake.retried(task.id());
        settlements.counts().countRetried(task);
        settlements.retried(task, attempts, delayNanos);
    }

    private void over(TaskItem task) {
        deaths.over(task.id());
        intake.over(task);
    }

    /** Something has started, ended or come to its time: there may be room for what waits outside. */
    void moved() {
        intake.moved();
        level.now(intake.queued(), intake.queuedBytes());
    }

    /** Nothing is let in any more. */
    void stop() {
        intake.stop();
    }

    /** The deadline of the stop has passed. */
    void giveUp() {
        intake.giveUp();
    }

    // What it looks like

    GroupRun<TaskItem> run() {
        return run;
    }

    Intake<TaskItem> intake() {
        return intake;
    }

    boolean isDraining() {
        return draining;
    }

    /** What is submitted from now on is rejected, or taken in again; false if it was so before. */
    boolean drain(boolean yes) {
        boolean changes = draining != yes;
        draining = yes;
        return changes;
    }

    Group group() {
        return run.group();
    }

    TaskCounts counts() {
        return settlements.counts();
    }

    Settlements settlements() {
        return settlements;
    }

    Deaths deaths() {
        return deaths;
    }

    Callers callers() {
        return callers;
    }

    QueueLimit limit() {
        return limit;
    }

    /** What has ended, and the log or whoever asked is not yet told. */
    int ending() {
        return run.ending() + settlements.settling();
    }

    private RunPolicy policy(TaskItem task) {
        boolean kept = task.stored() && journal.outlivesProcess();
        return RunPolicy.of(task.options(), kept, task.acceptedNanos(), clock);
    }

    private boolean isStored(Submission task) {
        return sharing == null && isDurable(task);
    }

    private static boolean isDurable(Submission task) {
        return task.options().durability() != Durability.MEMORY;
    }
}
