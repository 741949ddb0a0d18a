package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.Sequence;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.manager.WorkItem.ConnectionItem;
import dev.shunt.engine.manager.WorkItem.TaskItem;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Retry;
import dev.shunt.ipc.Payload;
import dev.shunt.plan.Group;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TypedHandler;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One group while it runs: its dispatcher, the host of its slots, and the timer for what is due. All steps of the dispatcher
 * go through here. Lives on the main loop.
 */
final class GroupRun implements Effects<WorkItem> {

    /** What hears of work, after the dispatcher's step is over. */
    interface Ends {

        /** Of the work and all that was joined to it. */
        void ended(Work<WorkItem> work, Settlement settlement);

        /** As {@link #ended}, for what a child settled: it may be for another child, and need not be unpacked here. */
        void endedInChild(Work<WorkItem> work, Outcome outcome, Payload payload);

        /** What a child settled with is for nobody. */
        void unwanted(Payload payload);

        /** The program stops, and the log keeps the task. */
        void kept(TaskItem task);

        void retried(TaskItem task, int attempts, long delayNanos);

        /** What waits and what runs may have changed, other than by a submission. */
        void moved(GroupRun run);

        void reported(TaskItem task, Report report, Data data);

        /** As {@link #reported}, out of a child. */
        void reportedInChild(TaskItem task, Report report, Payload payload);
    }

    private final Group group;
    private final int index;
    private final Loop loop;
    private final Clock clock;
    private final Ends ends;
    private final Dispatcher<WorkItem> dispatcher;
    private @Nullable SlotHost host;
    private @Nullable Future<?> timer;
    private long timerDueNanos;
    private int toBeTold;

    GroupRun(Group group, int index, int maxQueuedTasks, Loop loop, Clock clock, Ends ends) {
        this.group = group;
        this.index = index;
        this.loop = loop;
        this.clock = clock;
        this.ends = ends;
        this.dispatcher =
                new Dispatcher<>(slots(group), options(group, maxQueuedTasks), clock, new SplittableRandom(), this);
    }

    void hostedBy(SlotHost slots) {
        host = slots;
    }

    Group group() {
        return group;
    }

    /** In the plan. */
    int index() {
        return index;
    }

    Loop loop() {
        return loop;
    }

    Clock clock() {
        return clock;
    }

    /** For looking at; steps go through the methods here. */
    Dispatcher<WorkItem> dispatcher() {
        return dispatcher;
    }

    Sequence<WorkItem> openSequence() {
        return dispatcher.openSequence();
    }

    void closeSequence(Sequence<WorkItem> sequence) {
        dispatcher.closeSequence(sequence);
    }

    void submit(Work<WorkItem> work) {
        dispatcher.submit(work);
        armTimer();
    }

    void cancel(Work<WorkItem> work) {
        dispatcher.cancel(work);
        armTimer();
    }

    ChildLoad<WorkItem> childUp(int place) {
        var child = dispatcher.childUp(place);
        moved();
        return child;
    }

    void childLeaving(ChildLoad<WorkItem> child) {
        dispatcher.childLeaving(child);
        moved();
    }

    void childDown(ChildLoad<WorkItem> child, LongPredicate started, String how) {
        dispatcher.childDown(child, started, how);
        moved();
    }

    void takenBack(ChildLoad<WorkItem> child, List<Long> leases) {
        dispatcher.takenBack(child, leases);
        moved();
    }

    void abandon(ChildLoad<WorkItem> child, String how) {
        dispatcher.abandon(child, how);
        moved();
    }

    void stop(String reason) {
        dispatcher.stop(reason);
        armTimer();
    }

    void settled(ChildLoad<WorkItem> child, long lease, Settlement settlement, long runNanos) {
        Work<WorkItem> work = step(child, lease, settlement.outcome(), settlement.retry(), runNanos);
        if (work != null) {
            ends.ended(work, settlement);
        }
        moved();
    }

    void settledInChild(ChildLoad<WorkItem> child, Frame.Settled frame) {
        Work<WorkItem> work = step(child, frame.lease(), frame.outcome(), frame.retry(), frame.runNanos());
        if (work != null) {
            ends.endedInChild(work, frame.outcome(), frame.payload());
        } else {
            ends.unwanted(frame.payload());
        }
        moved();
    }

    private @Nullable Work<WorkItem> step(
            ChildLoad<WorkItem> child, long lease, Outcome outcome, Retry retry, long runNanos) {
        return dispatcher.settled(child, lease, Settlement.failed(outcome, retry), runNanos);
    }

    /** The handler of a lease in a child said something; true if somebody may want to hear it. */
    boolean reportedInChild(ChildLoad<WorkItem> child, Frame.Reported frame) {
        Work<WorkItem> work = dispatcher.leased(child, frame.lease());
        if (work != null && work.item() instanceof TaskItem task) {
            ends.reportedInChild(task, frame.report(), frame.payload());
            return true;
        }
        return false;
    }

    void reported(TaskItem task, Report report, Data data) {
        ends.reported(task, report, data);
    }

    @Override
    public void lease(ChildLoad<WorkItem> child, long lease, Work<WorkItem> work) {
        if (work.item() instanceof ConnectionItem event && !event.connection().wants(event.kind())) {
            loop.execute(() -> settled(child, lease, Settlement.done(Data.empty()), 0));
        } else if (host != null) {
            host.lease(child, lease, work);
        }
    }

    @Override
    public void takeBack(ChildLoad<WorkItem> child, int count) {
        if (host != null) {
            host.takeBack(child, count);
        }
    }

    @Override
    public void interrupt(ChildLoad<WorkItem> child, long lease) {
        if (host != null) {
            host.interrupt(child, lease);
        }
    }

    @Override
    public boolean replace(ChildLoad<WorkItem> child, String why) {
        return host != null && host.replace(child, why);
    }

    @Override
    public long runningNanos(ChildLoad<WorkItem> child, long lease) {
        return host == null ? -1 : host.runningNanos(child, lease);
    }

    @Override
    public void retried(Work<WorkItem> work, long delayNanos) {
        if (work.item() instanceof TaskItem task) {
            ends.retried(task, work.attempt(), delayNanos);
        }
    }

    @Override
    public void ended(Work<WorkItem> work, Ending ending) {
        later(() -> tell(work, ending));
    }

    /** In a turn of its own; the group is not idle before. */
    void later(Runnable telling) {
        toBeTold++;
        loop.execute(() -> {
            toBeTold--;
            telling.run();
            moved();
        });
    }

    private void moved() {
        armTimer();
        ends.moved(this);
    }

    private void tell(Work<WorkItem> work, Ending ending) {
        if (ending instanceof Ending.Kept) {
            keep(work);
            work.joined().forEach(this::keep);
        } else {
            ends.ended(work, Settlement.of(ending));
        }
    }

    /** What was joined to it need not be in the log itself. */
    private void keep(Work<WorkItem> work) {
        if (work.item() instanceof TaskItem task) {
            if (task.stored()) {
                ends.kept(task);
            } else {
                ends.ended(work, Settlement.rejected("the program is stopping"));
            }
        }
    }

    /** Nothing is leased, and whoever asked for what has ended has been told. */
    boolean isIdle() {
        return dispatcher.isIdle() && toBeTold == 0;
    }

    private void armTimer() {
        var due = dispatcher.nextDueNanos();
        if (due.isEmpty() || (timer != null && timerDueNanos - due.getAsLong() <= 0)) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerDueNanos = due.getAsLong();
        timer = loop.schedule(this::tick, Duration.ofNanos(Math.max(0, timerDueNanos - clock.nanoTime())));
    }

    private void tick() {
        timer = null;
        dispatcher.tick();
        moved();
    }

    private static DispatcherOptions options(Group group, int maxQueuedTasks) {
        return group.tasks()
                .map(spec -> options(spec, maxQueuedTasks))
                .orElseGet(() -> DispatcherOptions.ofMaxQueued(maxQueuedTasks));
    }

    private static DispatcherOptions options(TaskSpec spec, int maxQueuedTasks) {
        return new DispatcherOptions(
                maxQueuedTasks,
                DispatcherOptions.YIELD_GRACE,
                spec.maxRuns(),
                spec.maxRunsSpread(),
                spec.typed().stream().map(TypedHandler::rate).toList());
    }

    /** How many slots each child hosts; slots in process count as those of one child. */
    private static List<Integer> slots(Group group) {
        return group.processes() == 0
                ? List.of(group.slots())
                : IntStream.range(0, group.processes())
                        .map(group::slotsOf)
                        .boxed()
                        .toList();
    }
}
