package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.Failed;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Errand.ConnectionErrand;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.ipc.Parcel;
import dev.shunt.netty.Loop;
import dev.shunt.plan.Group;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One group while it runs: its dispatcher, the host of its slots, and the timer for its retries. Lives on the main loop.
 */
final class GroupRun implements Effects<Errand> {

    /** What hears of the end of work, after the dispatcher's step is over. */
    interface Ends {

        void ended(Errand errand, Settlement settlement);

        /** As {@link #ended}, for what a child settled: it may be for another child, and need not be unpacked here. */
        void endedInChild(Errand errand, Outcome outcome, Parcel parcel);
    }

    private final Group group;
    private final Loop loop;
    private final Clock clock;
    private final Ends ends;
    private final Dispatcher<Errand> dispatcher;
    private @Nullable SlotHost host;
    private @Nullable ScheduledFuture<?> timer;
    private long timerDueNanos;
    private int toBeTold;

    GroupRun(Group group, DispatcherOptions options, Loop loop, Clock clock, Ends ends) {
        this.group = group;
        this.loop = loop;
        this.clock = clock;
        this.ends = ends;
        this.dispatcher = new Dispatcher<>(slots(group), options, clock, new SplittableRandom(), this);
    }

    void hostedBy(SlotHost slots) {
        host = slots;
    }

    Group group() {
        return group;
    }

    Dispatcher<Errand> dispatcher() {
        return dispatcher;
    }

    void settled(ChildLoad<Errand> child, long lease, Settlement settlement, long runNanos) {
        Work<Errand> work = step(child, lease, settlement.outcome(), runNanos);
        if (work != null) {
            ends.ended(work.payload(), settlement);
        }
    }

    void settledInChild(ChildLoad<Errand> child, Frame.Settled frame) {
        Work<Errand> work = step(child, frame.lease(), frame.outcome(), frame.runNanos());
        if (work != null) {
            ends.endedInChild(work.payload(), frame.outcome(), frame.parcel());
        }
    }

    private @Nullable Work<Errand> step(ChildLoad<Errand> child, long lease, Outcome outcome, long runNanos) {
        Work<Errand> work =
                dispatcher.settled(child, lease, outcome == Outcome.FAILED ? Failed.BY_TERMS : null, runNanos);
        armTimer();
        return work;
    }

    void childDown(ChildLoad<Errand> child, LongPredicate started, String how) {
        dispatcher.childDown(child, started, how);
        armTimer();
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
    public void retried(Work<Errand> work, long delayNanos) {}

    @Override
    public void ended(Work<Errand> work, Ending ending) {
        var settlement = switch (ending) {
            case Ending.Lost lost -> Settlement.lost(lost.reason());
            case Ending.Rejected rejected -> Settlement.rejected(rejected.reason());
            case Ending.Cancelled _ -> new Settlement(Outcome.CANCELLED, Data.empty());
            case Ending.TimedOut _ -> new Settlement(Outcome.TIMED_OUT, Data.empty());
            case Ending.Kept _ -> Settlement.lost("the program stops");
        };
        toBeTold++;
        loop.execute(() -> {
            toBeTold--;
            ends.ended(work.payload(), settlement);
        });
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
        armTimer();
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
