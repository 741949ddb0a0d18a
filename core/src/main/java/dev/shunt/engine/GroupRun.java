package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.Lane;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Errand.ConnectionErrand;
import dev.shunt.engine.Errand.TaskErrand;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.ipc.Frame.Report;
import dev.shunt.ipc.Parcel;
import dev.shunt.netty.Loop;
import dev.shunt.plan.Group;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TypedHandler;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One group while it runs: its dispatcher, the host of its slots, and the timer for what is due. All steps of the dispatcher
 * go through here. Lives on the main loop.
 */
final class GroupRun implements Effects<Errand> {

    /** What hears of work, after the dispatcher's step is over. */
    interface Ends {

        /** Of the work and all that was joined to it. */
        void ended(Work<Errand> work, Settlement settlement);

        /** As {@link #ended}, for what a child settled: it may be for another child, and need not be unpacked here. */
        void endedInChild(Work<Errand> work, Outcome outcome, Parcel parcel);

        /** What a child settled with is for nobody. */
        void unwanted(Parcel parcel);

        /** The program stops, and the log keeps the task. */
        void kept(TaskErrand task);

        void retried(TaskErrand task, int attempts, long delayNanos);

        /** What waits and what runs may have changed, other than by a submission. */
        void moved(GroupRun run);

        void reported(TaskErrand task, Report report, Data data);

        /** As {@link #reported}, out of a child. */
        void reportedInChild(TaskErrand task, Report report, Parcel parcel);
    }

    private final Group group;
    private final int index;
    private final Loop loop;
    private final Clock clock;
    private final Ends ends;
    private final Dispatcher<Errand> dispatcher;
    private @Nullable SlotHost host;
    private @Nullable ScheduledFuture<?> timer;
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
    Dispatcher<Errand> dispatcher() {
        return dispatcher;
    }

    Lane<Errand> openLane() {
        return dispatcher.openLane();
    }

    void closeLane(Lane<Errand> lane) {
        dispatcher.closeLane(lane);
    }

    void submit(Work<Errand> work) {
        dispatcher.submit(work);
        armTimer();
    }

    void cancel(Work<Errand> work) {
        dispatcher.cancel(work);
        armTimer();
    }

    ChildLoad<Errand> childUp(int place) {
        var child = dispatcher.childUp(place);
        moved();
        return child;
    }

    void childLeaving(ChildLoad<Errand> child) {
        dispatcher.childLeaving(child);
        moved();
    }

    void childDown(ChildLoad<Errand> child, LongPredicate started, String how) {
        dispatcher.childDown(child, started, how);
        moved();
    }

    void takenBack(ChildLoad<Errand> child, List<Long> leases) {
        dispatcher.takenBack(child, leases);
        moved();
    }

    void abandon(ChildLoad<Errand> child, String how) {
        dispatcher.abandon(child, how);
        moved();
    }

    void stop(String reason) {
        dispatcher.stop(reason);
        armTimer();
    }

    void settled(ChildLoad<Errand> child, long lease, Settlement settlement, long runNanos) {
        Work<Errand> work = step(child, lease, settlement.outcome(), settlement.retryNanos(), runNanos);
        if (work != null) {
            ends.ended(work, settlement);
        }
        moved();
    }

    void settledInChild(ChildLoad<Errand> child, Frame.Settled frame) {
        Work<Errand> work = step(child, frame.lease(), frame.outcome(), frame.retryNanos(), frame.runNanos());
        if (work != null) {
            ends.endedInChild(work, frame.outcome(), frame.parcel());
        } else {
            ends.unwanted(frame.parcel());
        }
        moved();
    }

    private @Nullable Work<Errand> step(
            ChildLoad<Errand> child, long lease, Outcome outcome, long retryNanos, long runNanos) {
        return dispatcher.settled(child, lease, Settlement.failed(outcome, retryNanos), runNanos);
    }

    /** The handler of a lease in a child said something; true if somebody may want to hear it. */
    boolean reportedInChild(ChildLoad<Errand> child, Frame.Reported frame) {
        Work<Errand> work = dispatcher.leased(child, frame.lease());
        if (work != null && work.payload() instanceof TaskErrand task) {
            ends.reportedInChild(task, frame.report(), frame.parcel());
            return true;
        }
        return false;
    }

    void reported(TaskErrand task, Report report, Data data) {
        ends.reported(task, report, data);
    }

    @Override
    public void lease(ChildLoad<Errand> child, long lease, Work<Errand> work) {
        if (work.payload() instanceof ConnectionErrand event
                && !event.connection().wants(event.job())) {
            loop.execute(() -> settled(child, lease, Settlement.done(Data.empty()), 0));
        } else if (host != null) {
            host.lease(child, lease, work);
        }
    }

    @Override
    public void takeBack(ChildLoad<Errand> child, int count) {
        if (host != null) {
            host.takeBack(child, count);
        }
    }

    @Override
    public void interrupt(ChildLoad<Errand> child, long lease) {
        if (host != null) {
            host.interrupt(child, lease);
        }
    }

    @Override
    public boolean replace(ChildLoad<Errand> child, String why) {
        return host != null && host.replace(child, why);
    }

    @Override
    public long runningNanos(ChildLoad<Errand> child, long lease) {
        return host == null ? -1 : host.runningNanos(child, lease);
    }

    @Override
    public void retried(Work<Errand> work, long delayNanos) {
        if (work.payload() instanceof TaskErrand task) {
            ends.retried(task, work.attempt(), delayNanos);
        }
    }

    @Override
    public void ended(Work<Errand> work, Ending ending) {
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

    private void tell(Work<Errand> work, Ending ending) {
        if (ending instanceof Ending.Kept) {
            keep(work);
            work.joined().forEach(this::keep);
        } else {
            ends.ended(work, Settlement.of(ending));
        }
    }

    /** What was joined to it need not be in the log itself. */
    private void keep(Work<Errand> work) {
        if (work.payload() instanceof TaskErrand task) {
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
