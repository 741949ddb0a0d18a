package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.dispatch.Work;
import dev.shunt.ipc.WorkKind;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.Group;
import dev.shunt.plan.TaskSpec;
import dev.shunt.stats.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the program does, all of one moment: on the main loop what only that knows, on the asking thread what the
 * system says of children.
 */
final class Inspector {

    private static final String UNTYPED = "untyped";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long KIB = 1024;

    private final ManagerParts parts;
    private final ProgramFiles files;
    private final OnMain main;
    private final Shown shown;
    private final Supplier<String> state;

    Inspector(ManagerParts parts, ProgramFiles files, OnMain main, Shown shown, Supplier<String> state) {
        this.parts = parts;
        this.files = files;
        this.main = main;
        this.shown = shown;
        this.state = state;
    }

    /** What the main loop has found; the rest is done elsewhere. */
    private record Found(
            List<Inspection.Group> groups,
            List<Inspection.Type> types,
            List<Inspection.Running> running,
            List<Inspection.Child> children,
            Stats stats,
            long nowMillis) {}

    Inspection status() {
        return status(main.ask(this::find));
    }

    /** The same, and what else is to be found in the same turn of the loop. */
    <T> Map.Entry<Inspection, T> status(Supplier<T> also) {
        var found = main.ask(() -> Map.entry(find(), also.get()));
        return Map.entry(status(found.getKey()), found.getValue());
    }

    private Inspection status(Found found) {
        var running = new ArrayList<>(found.running());
        running.sort(Comparator.comparingDouble(Inspection.Running::seconds).reversed());
        var identity = files.identity();
        var now = Instant.ofEpochMilli(found.nowMillis());
        return new Inspection(
                files.name(),
                identity.pid(),
                identity.started(),
                Math.max(0, (found.nowMillis() - identity.started().toEpochMilli()) / 1e3),
                state.get(),
                identity.version(),
                files.directory().toString(),
                now,
                parts.listeners().endpoints().stream().map(Endpoint::toString).toList(),
                found.groups(),
                found.types(),
                List.copyOf(running.subList(0, Math.min(running.size(), Inspection.MAX_RUNNING))),
                running.size(),
                found.children().stream().map(Inspector::withMemory).toList(),
                totals(found),
                nodes(),
                found.stats().bus().node() == 0 ? null : found.stats().bus());
    }

    /** Of a fleet, as of the last beat; none without one. */
    List<Inspection.Node> nodes() {
        return parts.anyTasks().sharing().map(Sharing::nodes).orElse(List.of());
    }

    List<Inspection.Child> children() {
        return main.ask(this::findChildren).stream().map(Inspector::withMemory).toList();
    }

    // On the main loop

    private Found find() {
        var running = new ArrayList<Inspection.Running>();
        var groups = new ArrayList<Inspection.Group>();
        var types = new ArrayList<Inspection.Type>();
        for (var tasks : parts.anyTasks().all()) {
            var its = running(tasks.run());
            its.forEach(one -> running.add(shown(one, tasks.group())));
            groups.add(group(tasks, its));
            types.addAll(types(tasks, its));
        }
        for (var group : parts.plan().groups()) {
            if (!group.runsTasks()) {
                var its = parts.groups()
                        .connectionsOf(group)
                        .map(Inspector::running)
                        .orElse(List.of());
                its.forEach(one -> running.add(shown(one, group)));
                groups.add(group(group, its.size()));
            }
        }
        return new Found(
                groups,
                types,
                running,
                findChildren(),
                parts.stats().now(),
                parts.ports().clock().epochMillis());
    }

    static <P> List<RunningWork<P>> running(GroupRun<P> run) {
        var all = new ArrayList<RunningWork<P>>();
        run.running(all::add);
        return all;
    }

    /** Those that run, to look up. */
    static Set<Work<TaskItem>> works(List<RunningWork<TaskItem>> running) {
        Set<Work<TaskItem>> works = Collections.newSetFromMap(new IdentityHashMap<>());
        running.forEach(one -> works.add(one.work()));
        return works;
    }

    private Inspection.Group group(Tasks tasks, List<RunningWork<TaskItem>> running) {
        var group = tasks.group();
        var inside = tasks.run().dispatcher().inside();
        var intake = tasks.intake();
        long queued = Math.max(0, intake.waits() - intake.left() - intake.aside());
        return new Inspection.Group(
                group.name(),
                "tasks",
                placement(group),
                tasks.run().slots(),
                Math.min(tasks.run().slots(), running.size()),
                queued,
                intake.aside(),
                oldestSeconds(tasks, works(running)),
                children(group),
                tasks.limit().maxTasks(),
                intake.queuedBytes(),
                tasks.limit().maxBytes(),
                inside.isPaused(),
                tasks.isDraining());
    }

    private double oldestSeconds(Tasks tasks, Set<Work<TaskItem>> running) {
        Work<TaskItem> oldest = tasks.run().dispatcher().inside().oldestWaiting(running::contains);
        if (oldest == null) {
            return 0;
        }
        long due = Math.max(oldest.item().dueNanos(), oldest.dueAtNanos().orElse(Long.MIN_VALUE));
        return seconds(parts.ports().clock().nanoTime() - due);
    }

    private Inspection.Group group(Group group, int running) {
        int slots = parts.groups().slotsNow(group);
        return new Inspection.Group(
                group.name(),
                "connections",
                placement(group),
                slots,
                Math.min(slots, running),
                parts.groups().connectionsOf(group).map(GroupRun::waitingEvents).orElse(0),
                0,
                0,
                children(group),
                null,
                null,
                null,
                false,
                false);
    }

    private static String placement(Group group) {
        return group.placement().name().toLowerCase(Locale.ROOT);
    }

    private int children(Group group) {
        var children = parts.groups().children().get(parts.plan().indexOf(group));
        return children == null ? 0 : children.count();
    }

    static String typeName(TaskSpec spec, int type) {
        String name = spec.typeName(type);
        return name.isEmpty() ? UNTYPED : name;
    }

    private List<Inspection.Type> types(Tasks tasks, List<RunningWork<TaskItem>> running) {
        var spec = tasks.group().tasks().orElseThrow();
        Map<Integer, Integer> runs = new HashMap<>();
        running.forEach(one ->
                runs.merge(Math.min(one.work().item().task().type(), TaskCounts.MAX_TYPES - 1), 1, Integer::sum));
        var paused = tasks.run().dispatcher().inside().pausedTypes();
        var types = new ArrayList<Inspection.Type>();
        for (int type = -1; type < Math.min(spec.typed().size(), TaskCounts.MAX_TYPES); type++) {
            var counts = tasks.counts().ofType(type);
            if (counts != null) {
                String name = type == TaskCounts.MAX_TYPES - 1 ? TaskCounts.OTHERS : typeName(spec, type);
                int now = runs.getOrDefault(type, 0);
                types.add(type(name, tasks.group().name(), counts, now, paused.contains(type)));
            }
        }
        return types;
    }

    private static Inspection.Type type(
            String name, String group, TaskCounts.OfType counts, int running, boolean paused) {
        return new Inspection.Type(
                name,
                group,
                counts.submitted(),
                Math.max(0, counts.open() - running),
                running,
                counts.retried(),
                paused,
                counts.ended(),
                counts.waited().seen(),
                counts.ran(),
                counts.total().seen());
    }

    private <P extends WorkItem> Inspection.Running shown(RunningWork<P> one, Group group) {
        var item = one.work().item();
        String type = item instanceof TaskItem task
                ? typeName(group.tasks().orElseThrow(), task.task().type())
                : kind(item.kind());
        long startedMillis = parts.ports().clock().epochMillis() - one.nanos() / 1_000_000;
        return new Inspection.Running(
                item.subject(),
                type,
                group.name(),
                one.slot(),
                one.pid(),
                seconds(one.nanos()),
                one.attempt(),
                Instant.ofEpochMilli(startedMillis),
                item instanceof TaskItem ? progress(item.subject(), type, group) : null);
    }

    private static String kind(WorkKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private @Nullable Object progress(long id, String type, Group group) {
        var told = parts.anyTasks().of(parts.plan().indexOf(group)).callers().progressOf(id);
        return told == null ? null : shown.whole(type, told);
    }

    private List<Inspection.Child> findChildren() {
        return parts.children().seen();
    }

    private Inspection.Totals totals(Found found) {
        var stats = found.stats();
        var tasks = stats.tasks();
        return new Inspection.Totals(
                tasks.submitted(),
                tasks.queued(),
                tasks.delayed(),
                tasks.running(),
                tasks.done(),
                tasks.failed(),
                tasks.lost(),
                tasks.timedOut(),
                tasks.cancelled(),
                tasks.rejected(),
                tasks.retried(),
                tasks.dead(),
                stats.connections().open(),
                stats.connections().accepted(),
                stats.connections().messages(),
                stats.children().replaced(),
                found.groups().stream().mapToInt(Inspection.Group::slots).sum(),
                found.groups().stream().mapToInt(Inspection.Group::busy).sum());
    }

    static double seconds(long nanos) {
        return Math.max(0, nanos / 1_000_000) / (NANOS_PER_SECOND / 1_000_000);
    }

    // Elsewhere

    private static Inspection.Child withMemory(Inspection.Child child) {
        return new Inspection.Child(
                child.pid(),
                child.group(),
                child.place(),
                child.serial(),
                child.state(),
                child.since(),
                rss(child.pid()),
                child.heapBytes(),
                child.heapMaxBytes(),
                child.slots(),
                child.busy(),
                child.version(),
                child.restarts(),
                child.lastExit());
    }

    /** Null where the system does not tell, or the process is gone. */
    private static @Nullable Long rss(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(null);
        } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
            return null;
        }
    }
}
