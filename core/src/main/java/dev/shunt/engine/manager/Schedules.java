package dev.shunt.engine.manager;

import dev.shunt.control.ScheduleInfo;
import dev.shunt.engine.Engine;
import dev.shunt.engine.NamedCallback;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Schedule;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Submits the tasks of schedules when they are due. Lives on the main loop; what a task is to be is asked on the slot that
 * stands for the manager, and the next due time is looked for when that has been answered, so that a slow answer delays
 * later runs instead of heaping them up.
 */
final class Schedules {

    private static final Logger LOG = Log.of(Schedules.class);

    private static final int RECENT = 64;

    private final Loop main;
    private final Executor managerSlot;
    private final Clock clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** How tasks ended lately, of which a schedule may hear the id only after that. */
    private final Map<Long, String> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > RECENT;
        }
    };

    private final Optional<SharedSchedules> shared;
    private @Nullable Engine engine;

    /** What this node is to submit in place of one that is gone, before its children serve. */
    private final List<Occurrence> early = new ArrayList<>();

    private volatile boolean stopped;

    /** One schedule, and how it goes. */
    private static final class Entry {
        private final Schedule schedule;
        private final Due due;
        private boolean paused;
        private boolean wasPaused;
        private long fired;
        private long skipped;
        private @Nullable Instant last;
        private @Nullable Long lastId;
        private @Nullable String lastOutcome;

        private Entry(Schedule schedule, Due due) {
            this.schedule = schedule;
            this.due = due;
        }

        private ScheduleInfo seen() {
            return new ScheduleInfo(
                    schedule.name(),
                    schedule.timing().toString(),
                    due.next().orElse(null),
                    paused,
                    last,
                    lastId,
                    lastOutcome,
                    fired,
                    skipped);
        }
    }

    /** @param shared if nodes share tasks, which of them submits what */
    Schedules(Loop main, Executor managerSlot, Clock clock, Optional<SharedSchedules> shared) {
        this.shared = shared;
        this.main = main;
        this.managerSlot = managerSlot;
        this.clock = clock;
    }

    /** On the main loop; {@code tasks} are given to this engine. */
    void start(Plan plan, Engine tasks) {
        engine = tasks;
        plan.groups().stream()
                .flatMap(group -> group.tasks().stream())
                .flatMap(spec -> spec.schedules().stream())
                .forEach(schedule -> {
                    var timing = schedule.timing();
                    var entry =
                            new Entry(schedule, shared.isPresent() ? Due.shared(timing, clock) : Due.of(timing, clock));
                    entries.put(schedule.name(), entry);
                    shared.ifPresent(nodes -> askMissed(nodes, entry));
                    look(entry, tasks);
                });
        early.forEach(this::due);
        early.clear();
    }

    private void askMissed(SharedSchedules nodes, Entry entry) {
        for (var occurrence : entry.due.missed(entry.schedule.name())) {
            nodes.ask(occurrence, (mine, _) -> {
                if (mine != null) {
                    due(mine);
                }
            });
        }
    }

    /** Nothing is due any more. */
    void stop() {
        stopped = true;
    }

    private void look(Entry entry, Engine tasks) {
        if (stopped) {
            return;
        }
        var schedule = entry.schedule;
        try {
            var left = entry.due.left();
            if (!left.isZero()) {
                var _ = main.schedule(() -> look(entry, tasks), left);
            } else if (entry.paused) {
                entry.skipped++;
                entry.wasPaused = true;
                LOG.info("schedule {} is due, and paused: it is skipped", schedule.name());
                over(entry, tasks);
            } else if (shared.isPresent()) {
                askNodes(shared.get(), entry, tasks);
            } else {
                managerSlot.execute(new NamedCallback("schedule " + schedule.name(), () -> run(entry, tasks)));
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        } catch (RuntimeException | Error e) {
            LOG.error("schedule {} is not due any more: it cannot be told when", schedule.name(), e);
        }
    }

    private void askNodes(SharedSchedules nodes, Entry entry, Engine tasks) {
        var occurrence = entry.due.occurrence(entry.schedule.name());
        boolean wasPaused = entry.wasPaused;
        nodes.ask(wasPaused ? occurrence.alone() : occurrence, (mine, again) -> {
            entry.wasPaused = false;
            if (mine != null) {
                due(mine);
            }
            if (again.isZero()) {
                if (!wasPaused) {
                    askMissed(nodes, entry); // the answer may have come late
                }
                over(entry, tasks);
            } else {
                entry.due.waits(again);
                var _ = main.schedule(() -> look(entry, tasks), again);
            }
        });
    }

    /** This node is to submit the task of a schedule; also in place of one that is gone. */
    void due(Occurrence occurrence) {
        if (engine == null) {
            early.add(occurrence);
            return;
        }
        var entry = entries.get(occurrence.schedule());
        if (entry == null) {
            LOG.warn(
                    "schedule {} was due at {} on a node that is gone, and this program has none of that name: it has no task",
                    occurrence.schedule(),
                    Instant.ofEpochMilli(occurrence.dueMillis()));
        } else if (shared.isPresent() && !stopped) {
            managerSlot.execute(new NamedCallback(
                    "schedule " + occurrence.schedule(),
                    () -> shared.get().submit(entry.schedule, occurrence, id -> fired(entry, id))));
        }
    }

    private void over(Entry entry, Engine tasks) {
        ran(entry.schedule, entry.due);
        look(entry, tasks);
    }

    private static void ran(Schedule schedule, Due due) {
        try {
            due.ran();
        } catch (RuntimeException | Error e) {
            LOG.error("schedule {}: its next time cannot be told", schedule.name(), e);
        }
    }

    private void run(Entry entry, Engine tasks) {
        if (stopped) {
            return;
        }
        long id = submitted(entry, tasks);
        try {
            main.execute(() -> {
                fired(entry, id);
                over(entry, tasks);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }

    /** The task's id; -1 if there is none. */
    private static long submitted(Entry entry, Engine tasks) {
        var schedule = entry.schedule;
        try {
            long id = tasks.submit(tasks.plan().taskTypes().scheduled(schedule, schedule.options()), null);
            LOG.debug("schedule {}: task {}", schedule.name(), id);
            return id;
        } catch (Throwable e) { // the program's own code; it is asked again next time
            LOG.error("schedule {} is due, but what its task is to be could not be told", schedule.name(), e);
            return -1;
        }
    }

    private void fired(Entry entry, long id) {
        entry.fired++;
        entry.last = Instant.ofEpochMilli(clock.epochMillis());
        entry.lastId = id < 0 ? null : id;
        entry.lastOutcome = id < 0 ? "threw" : recent.getOrDefault(id, "running");
    }

    // Seen and steered, on the main loop

    /** A task of anybody's is over. */
    void ended(long taskId, Outcome outcome) {
        if (entries.isEmpty()) {
            return;
        }
        String how = outcome == Outcome.ANSWERED ? "done" : outcome.name().toLowerCase(Locale.ROOT);
        recent.put(taskId, how);
        for (var entry : entries.values()) {
            if (entry.lastId != null && entry.lastId == taskId) {
                entry.lastOutcome = how;
                return;
            }
        }
    }

    List<ScheduleInfo> seen() {
        return entries.values().stream().map(Entry::seen).toList();
    }

    Optional<ScheduleInfo> seen(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::seen);
    }

    /** False if it was so before; empty if there is none of that name. */
    Optional<Boolean> pause(String name, boolean paused) {
        return Optional.ofNullable(entries.get(name)).map(entry -> {
            boolean changes = entry.paused != paused;
            entry.paused = paused;
            return changes;
        });
    }

    /**
     * Submits once what it would submit when due, and leaves that as it is. False if there is none of that name.
     *
     * @param id of the task; -1 if none could be made
     */
    boolean runNow(String name, CompletableFuture<Long> id) {
        var entry = entries.get(name);
        Engine tasks = engine;
        if (entry == null || tasks == null) {
            return false;
        }
        managerSlot.execute(new NamedCallback("schedule " + name, () -> {
            long task = submitted(entry, tasks);
            main.execute(() -> {
                fired(entry, task);
                id.complete(task);
            });
        }));
        return true;
    }
}
