package dev.shunt.engine.manager;

import dev.shunt.control.Done;
import dev.shunt.control.Paging;
import dev.shunt.control.TaskFilter;
import dev.shunt.control.TaskInfo;
import dev.shunt.control.TaskPage;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Inside;
import dev.shunt.dispatch.Work;
import dev.shunt.intake.Seen;
import dev.shunt.intake.Seen.Waits;
import dev.shunt.plan.Placement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the tasks in memory: on the main loop in steps of a moment each, so that others have their turns between
 * them; what needs their payloads is done on the asking thread.
 */
final class TaskLook {

    /** Well below a millisecond. */
    private static final int STEP = 1000;

    private static final double GRACE = DispatcherOptions.YIELD_GRACE.toMillis() / 1e3;

    private final ManagerParts parts;
    private final OnMain main;
    private final Shown shown;

    TaskLook(ManagerParts parts, OnMain main, Shown shown) {
        this.parts = parts;
        this.main = main;
        this.shown = shown;
    }

    /** A task as the main loop has found it. */
    private record Found(
            TaskItem item,
            Tasks tasks,
            String state,
            int attempt,
            long dueNanos,
            @Nullable RunningWork<TaskItem> run) {}

    TaskPage list(TaskFilter filter, Paging paging) {
        var found = find(one -> matches(one, filter));
        found.removeIf(one -> filter.text().isPresent()
                && !shown.contains(
                        typeName(one), one.item().data(), filter.text().get()));
        found.sort(Comparator.<Found>comparingLong(one -> one.item().acceptedAtMillis())
                .thenComparingLong(one -> one.item().id()));
        long storedOnly = main.ask(this::storedOnly);
        var page = paging.of(found).stream().map(one -> info(one, false)).toList();
        return new TaskPage(page, paging.page(), paging.size(), found.size(), storedOnly);
    }

    Optional<TaskInfo> one(long id) {
        return find(one -> one.item().id() == id).stream().findFirst().map(one -> info(one, true));
    }

    /** Ends it, wherever it is in memory; empty if it is not. */
    Optional<Done.Cancelled> cancel(long id) {
        for (var tasks : parts.anyTasks().all()) {
            var run = main.ask(() -> Optional.ofNullable(running(tasks).get(id)).map(one -> cancel(tasks, one.work())));
            if (run.isPresent()) {
                return run;
            }
            if (main.ask(() -> tasks.intake().seen().cancel(id)) || isCancelledOutside(tasks, id)) {
                return Optional.of(new Done.Cancelled(1, 1, Done.Cancelled.CANCELLED, null, null, null));
            }
            var found = works(tasks, work -> work.item().id() == id);
            if (!found.isEmpty()) {
                return Optional.of(main.ask(() -> cancel(tasks, found.getFirst())));
            }
        }
        return Optional.empty();
    }

    /** One that has not entered, and is not known by its id. */
    private boolean isCancelledOutside(Tasks tasks, long id) {
        var found = new AtomicBoolean();
        outside(tasks, (item, _, cancel) -> {
            if (item.id() == id) {
                found.set(true);
                cancel.run();
            }
        });
        return found.get();
    }

    /** One that runs is over only when its handler has ended, or its process. */
    private static Done.Cancelled cancel(Tasks tasks, Work<TaskItem> work) {
        var run = running(tasks).get(work.item().id());
        tasks.run().cancel(work);
        boolean isInChild = tasks.group().placement() == Placement.CHILDREN;
        return run == null
                ? new Done.Cancelled(1, 1, Done.Cancelled.CANCELLED, null, null, null)
                : new Done.Cancelled(1, 1, Done.Cancelled.INTERRUPTED, run.pid(), run.slot(), isInChild ? GRACE : null);
    }

    private static boolean matches(Found one, TaskFilter filter) {
        return filter.state().map(one.state()::equals).orElse(true)
                && filter.type().map(typeName(one)::equals).orElse(true);
    }

    private static String typeName(Found one) {
        return Inspector.typeName(
                one.tasks().group().tasks().orElseThrow(), one.item().task().type());
    }

    private long storedOnly() {
        long all = parts.anyTasks().waits();
        long here = parts.anyTasks()
                .sum(tasks -> tasks.intake().queued() + tasks.intake().aside());
        return Math.max(0, all - here);
    }

    /** Each once, as it was found last: it may enter while it is looked for. */
    private List<Found> find(Predicate<Found> wanted) {
        var all = new HashMap<Long, Found>();
        for (var tasks : parts.anyTasks().all()) {
            outside(
                    tasks,
                    (item, waits, _) ->
                            addIf(wanted, new Found(item, tasks, state(waits), 0, item.dueNanos(), null), all));
            var running = main.ask(() -> running(tasks));
            works(tasks, work -> {
                addIf(wanted, found(tasks, work, running.get(work.item().id())), all);
                return false;
            });
        }
        return new ArrayList<>(all.values());
    }

    private static void addIf(Predicate<Found> wanted, Found found, Map<Long, Found> all) {
        if (wanted.test(found)) {
            all.put(found.item().id(), found);
        }
    }

    /** What has not entered. */
    private void outside(Tasks tasks, Seen.Each<TaskItem> each) {
        var walk = main.ask(() -> tasks.intake().seen().walk());
        boolean more = true;
        while (more) {
            more = main.ask(() -> walk.next(STEP, each));
        }
    }

    private static Map<Long, RunningWork<TaskItem>> running(Tasks tasks) {
        var running = new HashMap<Long, RunningWork<TaskItem>>();
        tasks.run().running(one -> running.put(one.work().item().id(), one));
        return running;
    }

    /** Those that are wanted, of all that have entered. */
    private List<Work<TaskItem>> works(Tasks tasks, Predicate<Work<TaskItem>> wanted) {
        var found = new ArrayList<Work<TaskItem>>();
        Inside<TaskItem>.Walk walk =
                main.ask(() -> tasks.run().dispatcher().inside().walk());
        try {
            boolean more = true;
            while (more) {
                more = main.ask(() -> walk.next(STEP, work -> {
                    if (wanted.test(work)) {
                        found.add(work);
                    }
                }));
            }
        } finally {
            main.ask(() -> {
                walk.close();
                return true;
            });
        }
        return found;
    }

    private static Found found(Tasks tasks, Work<TaskItem> work, @Nullable RunningWork<TaskItem> run) {
        var item = work.item();
        String state = run != null ? "running" : !work.waitsAside() ? "queued" : work.isDelayed() ? "delayed" : "held";
        long due = Math.max(item.dueNanos(), work.dueAtNanos().orElse(Long.MIN_VALUE));
        return new Found(item, tasks, state, work.attempt(), due, run);
    }

    private static String state(Waits waits) {
        return switch (waits) {
            case FOR_ROOM -> "queued";
            case FOR_ITS_TIME -> "delayed";
            case FOR_ITS_TURN -> "held";
        };
    }

    private TaskInfo info(Found one, boolean whole) {
        var item = one.item();
        var clock = parts.ports().clock();
        var run = one.run();
        String type = typeName(one);
        var payload = whole ? new Shown.Payload(shown.whole(type, item.data()), false) : shown.brief(type, item.data());
        var progress = one.tasks().callers().progressOf(item.id());
        return new TaskInfo(
                item.id(),
                type,
                one.tasks().group().name(),
                one.state(),
                one.attempt(),
                run == null
                        ? Math.max(0, clock.epochMillis() - item.acceptedAtMillis()) / 1e3
                        : Inspector.seconds(run.nanos()),
                Instant.ofEpochMilli(item.acceptedAtMillis()),
                one.state().equals("delayed")
                        ? Instant.ofEpochMilli(clock.epochMillis() + (one.dueNanos() - clock.nanoTime()) / 1_000_000)
                        : null,
                item.stored(),
                item.data().size(),
                item.options().orderingKey().orElse(null),
                item.options().unique().map(unique -> unique.key()).orElse(null),
                run == null ? null : run.slot(),
                run == null ? null : run.pid(),
                run == null || progress == null ? null : shown.whole(type, progress),
                payload.value(),
                payload.cut() ? true : null,
                whole && !item.options().headers().isEmpty() ? item.options().headers() : null,
                null);
    }
}
