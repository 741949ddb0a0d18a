package dev.shunt.engine.manager;

import dev.shunt.dispatch.DispatcherCounts;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.stats.Stats;
import dev.shunt.task.Outcome;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The program in numbers, for any thread. They are read on the main loop alone, between two of its steps: another
 * thread asks it to, behind all that it was given before, and waits for that. The loop publishes what it read; whoever
 * cannot have more, because the loop is held up or has ended, gets that, with the connections of now. Costs nothing
 * unless somebody asks.
 */
final class ManagerStats {

    private static final Logger LOG = Log.of(ManagerStats.class);

    static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * Of another event loop, once in each time that the main loop is held up; that waits for no other, so that two
     * never wait for each other.
     */
    static final Duration PATIENCE_ON_LOOP = Duration.ofMillis(100);

    private final Plan plan;
    private final long startedAtMillis;
    private final Loop main;
    private final Connections connections;
    private final Groups groups;
    private final ProgramChildren children;
    private final Payloads payloads;

    /** Somebody has waited in vain, and the main loop has not come to it since. */
    private final AtomicBoolean isHeldUp = new AtomicBoolean();

    private @Nullable TaskGroups tasks;
    private volatile Stats published;

    ManagerStats(
            Plan plan,
            Clock clock,
            Loop main,
            Connections connections,
            Groups groups,
            ProgramChildren children,
            Payloads payloads) {
        this.plan = plan;
        this.startedAtMillis = clock.epochMillis();
        this.main = main;
        this.connections = connections;
        this.groups = groups;
        this.children = children;
        this.payloads = payloads;
        this.published = read();
    }

    /** Before anything starts. */
    void count(TaskGroups counted) {
        tasks = counted;
        published = read();
    }

    /** From any thread: whatever it has been told of is in it, unless the main loop is held up. */
    Stats now() {
        if (main.inLoop()) {
            return publish();
        }
        var current = CurrentEngine.orNull();
        if (current == null || current.mayWait()) {
            return ask(PATIENCE);
        }
        return isHeldUp.get() ? last() : ask(PATIENCE_ON_LOOP);
    }

    private Stats ask(Duration patience) {
        var answer = new CompletableFuture<@Nullable Stats>();
        try {
            main.execute(() -> answer.complete(publish()));
        } catch (RejectedExecutionException e) {
            LOG.trace("asked after the stop", e);
            return last();
        }
        Stats now = answer.completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS)
                .join();
        if (now != null) {
            return now;
        }
        if (isHeldUp.compareAndSet(false, true)) {
            LOG.warn(
                    "something holds up the main loop, which gave no stats within {} ms: they are of an earlier moment until"
                            + " it goes on",
                    patience.toMillis());
        }
        return last();
    }

    private Stats last() {
        Stats last = published;
        return new Stats(
                last.startedAtMillis(),
                ofConnections(),
                last.tasks(),
                last.slots(),
                last.children(),
                payloads.stats(),
                connections.packets().now(),
                last.fleet(),
                connections.others().stats());
    }

    /** On the main loop. */
    private Stats publish() {
        Stats now = read();
        published = now;
        isHeldUp.set(false);
        return now;
    }

    private Stats read() {
        var counts =
                groups.tasks().stream().map(run -> run.dispatcher().counts()).toList();
        return new Stats(
                startedAtMillis,
                ofConnections(),
                ofTasks(counts),
                ofSlots(counts),
                new Stats.Children(children.replaced()),
                payloads.stats(),
                connections.packets().now(),
                tasks == null
                        ? Stats.Fleet.NONE
                        : tasks.sharing().map(Sharing::stats).orElse(Stats.Fleet.NONE),
                connections.others().stats());
    }

    /** From any thread. */
    private Stats.Connections ofConnections() {
        return connections.counts();
    }

    private Stats.Tasks ofTasks(List<DispatcherCounts> dispatchers) {
        if (tasks == null || tasks.isEmpty()) {
            var limit = plan.settings().queue().forEachOf(1);
            return new Stats.Tasks(
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    limit.maxTasks(),
                    limit.maxBytes(),
                    limit.maxDelayed(),
                    limit.maxDelayedBytes(),
                    0,
                    limit.maxResultBytes());
        }
        return new Stats.Tasks(
                tasks.submitted(),
                tasks.waits(),
                dispatchers.stream().mapToInt(DispatcherCounts::running).sum() + tasks.ending(),
                tasks.ended(Outcome.DONE) + tasks.ended(Outcome.ANSWERED),
                tasks.ended(Outcome.FAILED),
                tasks.ended(Outcome.LOST),
                tasks.ended(Outcome.TIMED_OUT),
                tasks.ended(Outcome.CANCELLED),
                tasks.ended(Outcome.REJECTED),
                dispatchers.stream().mapToLong(DispatcherCounts::retried).sum()
                        + tasks.sharing()
                                .map(sharing -> sharing.runs().retried())
                                .orElse(0L),
                tasks.letters().count()
                        + tasks.sharing()
                                .map(sharing -> sharing.queue().counts().dead())
                                .orElse(0L),
                tasks.sum(queues -> queues.intake().aside()),
                tasks.sum(queues -> queues.intake().queuedBytes()),
                tasks.sum(queues -> queues.intake().asideBytes()),
                tasks.sumInt(queues -> queues.limit().maxTasks()),
                tasks.sum(queues -> queues.limit().maxBytes()),
                tasks.sumInt(queues -> queues.limit().maxDelayed()),
                tasks.sum(queues -> queues.limit().maxDelayedBytes()),
                tasks.sum(queues -> queues.callers().unheardBytes()),
                plan.settings().queue().forEachOf(1).maxResultBytes());
    }

    private Stats.Slots ofSlots(List<DispatcherCounts> dispatchers) {
        int forTasks = plan.taskGroups().stream().mapToInt(Group::slots).sum();
        int all = plan.groups().stream().mapToInt(Group::slots).sum();
        return new Stats.Slots(
                all - forTasks,
                forTasks,
                dispatchers.stream().mapToInt(DispatcherCounts::idleSlots).sum());
    }
}
