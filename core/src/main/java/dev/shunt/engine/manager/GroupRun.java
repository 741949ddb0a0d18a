package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.Sequence;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One group while it runs: its dispatcher, the host of its slots, and the timer for what is due. All steps of the
 * dispatcher go through here. Lives on the main loop.
 *
 * @param <P> what its slots run: tasks, or events of connections
 */
final class GroupRun<P> implements Effects<P> {

    /**
     * What hears of work, after the dispatcher's step is over. What a connection never comes to is nothing unless
     * overridden.
     */
    interface Ends<P> {

        /** Whether it still has something to run, now that it is its turn. */
        default boolean isWanted(P item) {
            return true;
        }

        /** Its handler threw, or is gone: told before anything takes its slot, and again when it has ended. */
        default void broke(P item) {}

        /** Whether it may begin at once; if not, {@code then} is called in a later turn, when it may. */
        default boolean begins(Work<P> work, Runnable then) {
            return true;
        }

        /** Its handler has run to its end, whatever follows from that. */
        default void ran(Work<P> work, Outcome outcome, long runNanos) {}

        /** Of the work and all that was joined to it. */
        void ended(Work<P> work, Settlement settlement);

        /** As {@link Effects#asker}. */
        default @Nullable Object asker(P item) {
            return null;
        }

        /** The program stops, and the log keeps the work. */
        default void kept(Work<P> work) {}

        default void retried(P item, int attempts, long delayNanos) {}

        /** Its handler says something and goes on. */
        default void reported(P item, Report report, Data data, Reporter by) {}

        /** It waits or runs from now on. */
        default void entered(P item) {}

        /** What waits and what runs may have changed, other than by a submission. */
        default void moved() {}
    }

    private static final Logger LOG = Log.of(GroupRun.class);

    private final Group group;
    private final int index;
    private final Loop loop;
    private final Clock clock;
    private final Dispatcher<P> dispatcher;
    private final HeldLeases<P> held = new HeldLeases<>();
    private @Nullable SlotHost<P> host;
    private @Nullable Ends<P> ends;
    private @Nullable Future<?> timer;
    private long timerDueNanos;
    private int toBeTold;
    private int ending;

    /** As many as there are now; for any thread. */
    private volatile int slots;

    GroupRun(Group group, int index, int maxQueuedTasks, Loop loop, Clock clock) {
        this.group = group;
        this.index = index;
        this.loop = loop;
        this.clock = clock;
        this.slots = group.slots();
        this.dispatcher = new Dispatcher<>(
                GroupShape.slots(group, group.processes()),
                GroupShape.options(group, maxQueuedTasks),
                clock,
                new SplittableRandom(),
                this);
    }

    /** Before anything is submitted. */
    void hostedBy(SlotHost<P> slots) {
        host = slots;
    }

    /** Before anything is submitted. */
    void tells(Ends<P> listener) {
        ends = listener;
    }

    private SlotHost<P> host() {
        return Objects.requireNonNull(host);
    }

    private Ends<P> ends() {
        return Objects.requireNonNull(ends);
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
    Dispatcher<P> dispatcher() {
        return dispatcher;
    }

    /** From any thread. */
    int slots() {
        return slots;
    }

    /** So many children from now on, or, where slots are threads of this process, so many slots. */
    void resize(int count) {
        var inside = dispatcher.inside();
        inside.resize(group.processes() == 0 ? List.of(count) : GroupShape.slots(group, count));
        slots = inside.slots();
        moved();
    }

    Sequence<P> openSequence() {
        return dispatcher.openSequence();
    }

    void closeSequence(Sequence<P> sequence) {
        dispatcher.closeSequence(sequence);
    }

    void submit(Work<P> work) {
        try {
            dispatcher.submit(work);
        } catch (RuntimeException | Error e) {
            giveUp(work, e);
        }
        ends().entered(work.item());
        armTimer();
    }

    @Override
    public void broke(Work<P> work, Throwable problem) {
        loop.execute(() -> giveUp(work, problem));
    }

    private void giveUp(Work<P> work, Throwable problem) {
        FatalErrors.letOn(problem);
        LOG.error("an error of the engine ends {} of group {}", work, group.name(), problem);
        if (dispatcher.giveUp(work)) {
            later(withJoined(work), () -> ends().ended(work, Settlement.failed(problem)));
        }
    }

    void cancel(Work<P> work) {
        dispatcher.cancel(work);
        armTimer();
    }

    void giveUpUniqueKey(String key) {
        dispatcher.giveUpUniqueKey(key);
        armTimer();
    }

    ChildLoad<P> childUp(int place) {
        var child = dispatcher.childUp(place);
        moved();
        return child;
    }

    void childLeaving(ChildLoad<P> child) {
        dispatcher.childLeaving(child);
        moved();
    }

    /** No successor could be started: it serves on. */
    void notReplaced(ChildLoad<P> child) {
        dispatcher.notReplaced(child);
        moved();
    }

    void childDown(ChildLoad<P> child, LongPredicate started, String how) {
        held.forget(child);
        dispatcher.childDown(child, started, how);
        moved();
    }

    void takenBack(ChildLoad<P> child, List<Long> leases) {
        dispatcher.takenBack(child, leases);
        moved();
    }

    void abandon(ChildLoad<P> child, String how) {
        held.forget(child);
        dispatcher.abandon(child, how);
        moved();
    }

    void stop(String reason) {
        dispatcher.stop(reason);
        armTimer();
    }

    void settled(ChildLoad<P> child, long lease, Settlement settlement, long runNanos) {
        tellOfRun(child, lease, settlement.outcome(), runNanos);
        Work<P> work =
                dispatcher.settled(child, lease, Settlement.failed(settlement.outcome(), settlement.retry()), runNanos);
        if (work != null) {
            ends().ended(work, settlement);
        }
        moved();
    }

    /**
     * As {@link #settled}, by a child.
     *
     * @param payload what it settled with: to be unpacked for the work that is over, or for nobody
     */
    void settledInChild(ChildLoad<P> child, Frame.Settled frame, Consumer<@Nullable Work<P>> payload) {
        tellOfRun(child, frame.lease(), frame.outcome(), frame.runNanos());
        Work<P> work = dispatcher.settled(
                child, frame.lease(), Settlement.failed(frame.outcome(), frame.retry()), frame.runNanos());
        if (work != null) {
            ending += withJoined(work);
        }
        payload.accept(work);
        moved();
    }

    private void tellOfRun(ChildLoad<P> child, long lease, Outcome outcome, long runNanos) {
        Work<P> work = dispatcher.leased(child, lease);
        if (work != null) {
            ends().ran(work, outcome, runNanos);
            if (outcome == Outcome.FAILED) {
                ends().broke(work.item());
            }
        }
    }

    /** Of connections, how many events wait for their turn or a slot. */
    int waitingEvents() {
        return dispatcher.inside().waitingEvents();
    }

    /** Nothing starts from now on, or all again; false if it was so before. */
    boolean pause(boolean paused) {
        boolean changes = dispatcher.inside().pause(paused);
        moved();
        return changes;
    }

    /** As above, with the tasks of one type. */
    boolean pause(int type, boolean paused) {
        boolean changes = dispatcher.inside().pause(type, paused);
        moved();
        return changes;
    }

    /** As above, with what this one has asked for. */
    void pauseOf(Object asker, boolean paused) {
        dispatcher.inside().pauseOf(asker, paused);
        moved();
    }

    @Override
    public @Nullable Object asker(P item) {
        return ends().asker(item);
    }

    /** What its slots run now. */
    void running(Consumer<RunningWork<P>> each) {
        host().running(each);
    }

    /** Work that a child settled is over, and what it settled with is unpacked. */
    void ended(Work<P> work, Settlement settlement) {
        ending -= withJoined(work);
        ends().ended(work, settlement);
    }

    private static int withJoined(Work<?> work) {
        return 1 + work.joined().size();
    }

    /** How many are over, of which whoever hears of ends has not heard. */
    int ending() {
        return ending;
    }

    /** Null if the lease is over. */
    @Nullable Work<P> leased(ChildLoad<P> child, long lease) {
        return dispatcher.leased(child, lease);
    }

    void reported(P item, Report report, Data data, Reporter by) {
        ends().reported(item, report, data, by);
    }

    @Override
    public void lease(ChildLoad<P> child, long lease, Work<P> work) {
        try {
            if (!ends().isWanted(work.item())) {
                loop.execute(() -> settled(child, lease, Settlement.done(Data.empty()), 0));
            } else if (ends().begins(work, () -> mayBegin(child, lease, work))) {
                host().lease(child, lease, work);
            } else {
                held.add(child, lease);
            }
        } catch (RuntimeException | Error e) {
            cannotBegin(child, lease, work, e);
        }
    }

    private void mayBegin(ChildLoad<P> child, long lease, Work<P> work) {
        try {
            if (held.release(child, lease)) {
                host().lease(child, lease, work);
            }
        } catch (RuntimeException | Error e) {
            cannotBegin(child, lease, work, e);
        }
    }

    /** It ends, and its slot is free. */
    private void cannotBegin(ChildLoad<P> child, long lease, Work<P> work, Throwable problem) {
        FatalErrors.letOn(problem);
        LOG.error("{} cannot be given to a slot of group {}, and has failed", work, group.name(), problem);
        loop.execute(() -> settled(child, lease, Settlement.failed(problem), 0));
    }

    /** Tells the child of that serial, if one has leases of this group. */
    void tell(long childSerial, Frame.ToChild frame) {
        host().tell(childSerial, frame);
    }

    @Override
    public void takeBack(ChildLoad<P> child, int count) {
        var back = held.takeBack(child, count);
        if (!back.isEmpty()) {
            loop.execute(() -> takenBack(child, back));
        }
        if (back.size() < count) {
            host().takeBack(child, count - back.size());
        }
    }

    @Override
    public void interrupt(ChildLoad<P> child, long lease) {
        if (held.release(child, lease)) {
            loop.execute(() -> takenBack(child, List.of(lease)));
        } else {
            host().interrupt(child, lease);
        }
    }

    @Override
    public boolean replace(ChildLoad<P> child, String why) {
        return host().replace(child, why);
    }

    @Override
    public boolean wornOut(ChildLoad<P> child) {
        return host().wornOut(child);
    }

    @Override
    public long runningNanos(ChildLoad<P> child, long lease) {
        return held.has(child, lease) ? 0 : host().runningNanos(child, lease);
    }

    @Override
    public void retried(Work<P> work, long delayNanos) {
        ends().retried(work.item(), work.attempt(), delayNanos);
    }

    @Override
    public void ended(Work<P> work, Ending how) {
        if (how instanceof Ending.Lost) {
            ends().broke(work.item());
        }
        later(withJoined(work), () -> tell(work, how));
    }

    /** Tells of one that is over in a turn of its own; the group is not idle before. */
    void later(Runnable telling) {
        later(1, telling);
    }

    private void later(int works, Runnable telling) {
        toBeTold++;
        ending += works;
        loop.execute(() -> {
            toBeTold--;
            ending -= works;
            try {
                telling.run();
            } finally {
                moved();
            }
        });
    }

    private void moved() {
        armTimer();
        ends().moved();
    }

    private void tell(Work<P> work, Ending ending) {
        if (ending instanceof Ending.Kept) {
            ends().kept(work);
        } else {
            ends().ended(work, Settlement.of(ending));
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
        try {
            dispatcher.tick();
        } finally {
            moved();
        }
    }
}
