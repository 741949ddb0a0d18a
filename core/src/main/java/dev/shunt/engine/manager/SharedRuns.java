package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Retry;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What this node runs of the tasks that nodes share. The queue has let them through its gates (keys, delay, rate, retries), so
 * the dispatcher has only their priority and their times; what it says of an attempt decides here whether another follows.
 * When the leases of this node may be over, all is interrupted. Lives on the main loop.
 *
 * <pre>
 *   claimed ──► dispatcher ──► ended ──► Settled | Retried | Died | Returned ──► the queue
 * </pre>
 */
final class SharedRuns {

    private static final Logger LOG = Log.of(SharedRuns.class);

    /** Not more than this is waited for a better moment to count what may be handed. */
    private static final Duration FADING = Duration.ofNanos(Credit.WINDOW_NANOS);

    private static final class Held {

        private final Claim claim;
        private final SharedGroup group;
        private final Work<TaskItem> work;
        private final long sinceNanos;

        /** Others may have it by now: however it ends here, nobody is told. */
        private boolean doomed;

        private boolean begun;

        private Held(Claim claim, SharedGroup group, Work<TaskItem> work, long sinceNanos) {
            this.sinceNanos = sinceNanos;
            this.claim = claim;
            this.group = group;
            this.work = work;
        }
    }

    private final Loop loop;
    private final Clock clock;
    private final Origin.Here nobody;
    private final LongConsumer horizon;
    private final Codec codec;
    private final List<SharedGroup> groups = new ArrayList<>();
    private final RandomGenerator random = new SplittableRandom();

    /** By task; one that is doomed is no longer here, but in its work's way out. */
    private final Map<Long, Held> held = new HashMap<>();

    private final Map<Work<TaskItem>, Held> works = new HashMap<>();
    private @Nullable Sharing sharing;
    private @Nullable Future<?> lapse;
    private final IdleNodes others = new IdleNodes();
    private boolean fading;
    private boolean reachable = true;
    private boolean started;
    private boolean stopping;
    private long fenced;
    private long ended;
    private long retried;

    /**
     * @param codec of payloads
     * @param horizon told until when children may run what they have, by the monotonic clock
     */
    SharedRuns(Loop loop, Clock clock, Codec codec, Origin.Here nobody, LongConsumer horizon) {
        this.loop = loop;
        this.clock = clock;
        this.nobody = nobody;
        this.horizon = horizon;
        this.codec = codec;
    }

    /** Before anything is claimed. */
    void of(Sharing askers) {
        sharing = askers;
    }

    private Sharing sharing() {
        return Objects.requireNonNull(sharing);
    }

    private TaskQueue queue() {
        return sharing().queue();
    }

    /** In the order of {@link TaskQueue.Self#groups}. */
    void add(Tasks tasks) {
        var run = tasks.run();
        groups.add(new SharedGroup(tasks, run, new Credit(run::slots, clock)));
    }

    Origin.Here nobody() {
        return nobody;
    }

    /** Of the group that runs that type; of the first if none does. */
    Tasks tasksOf(String type) {
        return groups.stream()
                .filter(group -> group.handles(type))
                .findFirst()
                .orElseGet(groups::getFirst)
                .tasks();
    }

    private static TaskSpec spec(Tasks tasks) {
        return tasks.group().tasks().orElseThrow();
    }

    static String typeName(Tasks tasks, TaskItem item) {
        return spec(tasks).typeName(item.task().type());
    }

    /** The number of a type in the group that was found for it. */
    static int type(Tasks tasks, String name) {
        return spec(tasks).type(name).orElse(Submission.UNTYPED);
    }

    // In

    /** Slots are there: the queue may hand out. */
    void start() {
        started = true;
        groups.forEach(this::want);
    }

    void claimed(int index, List<Claim> claims) {
        var group = groups.get(index);
        boolean behind = group.isFull();
        group.credit().handed(claims.size());
        for (var claim : claims) {
            if (stopping) {
                group.credit().left(false);
                append(new Entry.Returned(claim.lease()), Durability.DISK);
            } else {
                enter(claim, group, behind);
            }
        }
    }

    private void enter(Claim claim, SharedGroup group, boolean behind) {
        Held task;
        try {
            task = new Held(claim, group, work(claim, group, behind), clock.nanoTime());
        } catch (RuntimeException | Error e) { // its options make no sense
            FatalErrors.letOn(e);
            LOG.error("task {} cannot be run", claim.lease().taskId(), e);
            var failed = Settlement.failed(e);
            group.credit().left(false);
            var reason = failed.reason();
            var died = new Entry.Died(
                    claim.lease(), failed.outcome(), failed.data().encoded(), claim.attempts(), reason);
            append(died, claim.task().options().durability());
            return;
        }
        Held before = held.put(claim.lease().taskId(), task);
        if (before != null) { // it was taken from this node, and comes back before its handler has ended
            doom(before);
        }
        works.put(task.work, task);
        group.run().submit(task.work);
    }

    private Work<TaskItem> work(Claim claim, SharedGroup group, boolean behind) {
        var shared = claim.task();
        var options = shared.options();
        var item = new TaskItem(
                shared.id(),
                new Submission(shared.data(), type(group.tasks(), shared.type()), options).with(codec),
                shared.source(),
                new Origin.Shared(claim.lease(), shared.followed() ? Interest.HANDLE : Interest.END),
                clock.epochMillis() - claim.ageNanos() / 1_000_000,
                clock.nanoTime() - claim.ageNanos(),
                false,
                false);
        var policy =
                RunPolicy.of(left(options), true, item.acceptedNanos(), clock).delayed(claim.startInNanos());
        var work = Work.task(item, policy, -1, claim.attempts(), item.bytes());
        if (claim.deaths() > 0 || behind) {
            work.notPrefetched(); // but counted before it begins, or given to others while it waits
        }
        return work;
    }

    /** What the queue has not seen to. */
    private static TaskOptions left(TaskOptions options) {
        var left = TaskOptions.DEFAULT.priority(options.priority());
        if (options.timeout().isPresent()) {
            left = left.timeout(options.timeout().get());
        }
        return options.deadline().isPresent() ? left.deadline(options.deadline().get()) : left;
    }

    /** Whether an attempt may begin at once: one of a task that nodes have died with is counted before. */
    boolean begins(Work<TaskItem> work, Runnable then) {
        Held task = works.get(work);
        if (task == null || task.claim.deaths() == 0 || task.begun) {
            return true;
        }
        task.begun = true;
        sharing().append(new Entry.Begun(task.claim.lease()), Durability.DISK, answer -> {
            if (answer instanceof Answer.Fenced) {
                doom(task);
            }
            then.run();
        });
        return false;
    }

    /** What runs or waits has changed. */
    void moved(Tasks tasks) {
        for (var group : groups) {
            if (group.tasks().equals(tasks)) {
                want(group);
            }
        }
    }

    private void want(SharedGroup group) {
        boolean left = queue().counts().ready() > 0 && !others.takeWhatIsReady();
        long total = started && !stopping ? group.credit().total(group.others(), left) : 0;
        queue().want(groups.indexOf(group), total);
        if (!fading && group.credit().fades()) {
            fading = true;
            var _ = loop.schedule(
                    () -> {
                        fading = false;
                        want(group);
                    },
                    FADING);
        }
    }

    // Out

    void ended(Work<TaskItem> work, Settlement settlement) {
        Held task = works.remove(work);
        if (task == null) {
            return;
        }
        held.remove(work.item().id(), task);
        task.group.credit().left(!task.doomed);
        if (!task.doomed) {
            var delay = retry(task, settlement);
            if (delay.isPresent()) {
                retried++;
                append(
                        new Entry.Retried(task.claim.lease(), work.attempt(), delay.getAsLong()),
                        task.claim.task().options().durability());
            } else {
                over(task, settlement);
            }
        }
        want(task.group);
    }

    private OptionalLong retry(Held task, Settlement settlement) {
        var options = task.claim.task().options();
        int attempt = task.work.attempt();
        boolean failed = switch (settlement.outcome()) {
            case FAILED, LOST, TIMED_OUT -> true;
            case DONE, ANSWERED, CANCELLED, REJECTED -> false;
        };
        if (!failed || attempt > options.retries() || settlement.retry() instanceof Retry.GiveUp) {
            return OptionalLong.empty();
        }
        long delay = settlement.retry() instanceof Retry.After after
                ? Nanos.of(after.delay())
                : RunPolicy.of(options, true, 0, clock).backoffNanos(Math.max(1, attempt), random.nextDouble());
        long age = clock.nanoTime() - task.work.item().acceptedNanos();
        boolean inTime = options.deadline().isEmpty()
                || age + delay < Nanos.of(options.deadline().get());
        return inTime ? OptionalLong.of(delay) : OptionalLong.empty();
    }

    private void over(Held task, Settlement settlement) {
        var encoded = settlement.encoded();
        var lease = task.claim.lease();
        var durability = task.claim.task().options().durability();
        boolean dead = switch (encoded.outcome()) {
            case FAILED, LOST, TIMED_OUT -> true;
            case DONE, ANSWERED, CANCELLED, REJECTED -> false;
        };
        Entry entry = dead
                ? new Entry.Died(lease, encoded.outcome(), encoded.data(), task.work.attempt(), encoded.reason())
                : new Entry.Settled(lease, outcome(encoded), encoded.data());
        sharing().append(entry, durability, answer -> over(task, encoded, answer));
    }

    /** Nobody hears of what was said before the end. */
    private static Outcome outcome(Settlement settlement) {
        return settlement.outcome() == Outcome.ANSWERED ? Outcome.DONE : settlement.outcome();
    }

    private void over(Held task, Settlement settlement, Answer answer) {
        var lease = task.claim.lease();
        switch (answer) {
            case Answer.Kept(boolean here) -> {
                ended++;
                if (here) {
                    sharing().endedHere(lease, task.claim.task(), settlement);
                }
            }
            case Answer.Fenced _ -> {
                fenced++;
                LOG.warn(
                        "task {} has ended here, but it is another node's by now: its end here does not count",
                        lease.taskId());
            }
            case Answer.Failed failed ->
                LOG.error("task {} has ended, and the task queue does not know", lease.taskId(), failed.problem());
            case Answer.Refused _, Answer.Fires _ -> throw new IllegalStateException("no answer to an end: " + answer);
        }
    }

    /** The program stops before it has run. */
    void kept(Work<TaskItem> work) {
        Held task = works.remove(work);
        if (task != null) {
            held.remove(work.item().id(), task);
            task.group.credit().left(false);
            if (!task.doomed) {
                append(new Entry.Returned(task.claim.lease()), Durability.DISK);
                sharing().keptHere(work.item().id());
            }
        }
    }

    void progressed(TaskItem item, Data progress) {
        if (item.origin() instanceof Origin.Shared(Lease lease, var _)) {
            queue().progress(lease, progress);
        }
    }

    private void append(Entry entry, Durability durability) {
        sharing().append(entry, durability, answer -> {
            if (answer instanceof Answer.Fenced) {
                fenced++;
            }
        });
    }

    // What the queue says of leases

    void cancel(long taskId, int fence) {
        Held task = held.get(taskId);
        if (task != null && task.claim.lease().fence() == fence) {
            task.group.run().cancel(task.work);
        }
    }

    /** Leases are valid for so long from then on. */
    void alive(long fromNanos, long validNanos) {
        long until = fromNanos + validNanos;
        horizon.accept(until);
        if (lapse != null) {
            lapse.cancel(false);
        }
        lapse = loop.schedule(this::lapsed, Duration.ofNanos(Math.max(0, until - clock.nanoTime())));
        others.beat(queue(), type -> groups.stream().anyMatch(group -> group.handles(type)));
        leaveWhatWaits();
        groups.forEach(this::want); // what waits has been counted
        queue().load(load());
    }

    /** To nodes whose slots run nothing. */
    private void leaveWhatWaits() {
        long latest = clock.nanoTime() - IdleNodes.WAITS_NANOS;
        for (var task : List.copyOf(held.values())) {
            boolean waits = task.work.isWaiting() && !task.work.isDelayed() && task.sinceNanos - latest < 0;
            if (waits && !stopping && others.take(task.claim.task())) {
                giveUp(task, true);
            }
        }
    }

    private TaskQueue.Load load() {
        int slots = groups.stream().mapToInt(SharedGroup::slots).sum();
        int busy = groups.stream().mapToInt(SharedGroup::busy).sum();
        return new TaskQueue.Load(slots, busy, held.size(), ended, fenced);
    }

    /** Others may have what is here. */
    private void lapsed() {
        lapse = null;
        if (!held.isEmpty()) {
            LOG.warn(
                    "this node could not say that it lives for as long as its leases hold: the {} tasks that it has are"
                            + " interrupted, and run again",
                    held.size());
            giveUpAll(true);
        }
    }

    void fenced(String why) {
        LOG.warn(
                "{}: the {} tasks that it has are interrupted, and nobody is told of their ends here",
                why,
                held.size());
        fenced += held.size();
        giveUpAll(false);
    }

    private void giveUpAll(boolean giveBack) {
        List.copyOf(held.values()).forEach(task -> giveUp(task, giveBack));
    }

    private void giveUp(Held task, boolean giveBack) {
        held.remove(task.claim.lease().taskId());
        doom(task);
        if (giveBack) {
            append(new Entry.Returned(task.claim.lease()), Durability.DISK);
        }
    }

    private static void doom(Held task) {
        task.doomed = true;
        task.group.run().cancel(task.work);
    }

    void reachable(boolean now, String why) {
        if (now && !reachable) {
            LOG.info("the task queue is reached again");
        } else if (!now && reachable) {
            LOG.warn("the task queue is not reached, and tasks that nodes share wait: {}", why);
        }
        reachable = now;
    }

    // The end

    /** Nothing is handed out to this node any more. */
    void stop() {
        stopping = true;
        groups.forEach(this::want);
    }

    // In numbers

    boolean has(long taskId) {
        return held.containsKey(taskId);
    }

    /** Handed to this node, and not running. */
    long waits() {
        return groups.stream()
                .mapToLong(group -> Math.max(0, group.credit().held() - group.busy()))
                .sum();
    }

    /** Whose ends here did not count. */
    long fenced() {
        return fenced;
    }

    long retried() {
        return retried;
    }

    boolean isReachable() {
        return reachable;
    }
}
