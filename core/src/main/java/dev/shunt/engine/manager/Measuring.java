package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import dev.shunt.control.Measures.Run;
import dev.shunt.control.Measures.Times;
import dev.shunt.control.ScheduleInfo;
import dev.shunt.log.Log;
import dev.shunt.net.Endpoint;
import dev.shunt.plan.Listener;
import dev.shunt.stats.Stats;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.slf4j.Logger;

/**
 * Reads what collectors of metrics ask for: on the main loop, in one turn of it, what only that knows; on the asking thread
 * what the log and the system say. Costs nothing unless somebody asks.
 */
final class Measuring {

    private static final Logger LOG = Log.of(Measuring.class);

    /** Of {@code /proc/PID/stat}, behind the name in brackets: user and system time, in hundredths of a second. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final double TICKS_PER_SECOND = 100;

    private final ManagerParts parts;
    private final Inspector inspector;
    private final HealthCheck health;

    Measuring(ManagerParts parts, Inspector inspector, HealthCheck health) {
        this.parts = parts;
        this.inspector = inspector;
        this.health = health;
    }

    /** What the main loop has found beside what it shows. */
    private record Found(
            Stats stats,
            List<Run> runs,
            List<ScheduleInfo> schedules,
            List<Measures.Listener> listeners,
            List<Measures.Restarts> restarts,
            List<Measures.Backlog> backlogs,
            Times appends,
            Times lag) {}

    Measures now() {
        var both = inspector.status(this::find);
        var found = both.getValue();
        return new Measures(
                both.getKey(),
                found.stats(),
                parts.anyTasks().all().stream()
                        .flatMap(tasks -> types(tasks).stream())
                        .toList(),
                found.runs(),
                found.schedules(),
                found.listeners(),
                found.restarts(),
                found.backlogs(),
                cpu(both.getKey().children()),
                found.appends(),
                logTasks(),
                found.lag());
    }

    private Found find() {
        return new Found(
                parts.stats().now(),
                parts.anyTasks().all().stream()
                        .flatMap(tasks -> runs(tasks).stream())
                        .toList(),
                parts.schedules().seen(),
                listeners(),
                parts.children().restarts(),
                parts.anyTasks().all().stream()
                        .map(tasks -> new Measures.Backlog(
                                tasks.group().name(), tasks.intake().spilled()))
                        .toList(),
                parts.journal().appends().times(),
                health.lag().times());
    }

    private static List<Measures.Declared> types(Tasks tasks) {
        var spec = tasks.group().tasks().orElseThrow();
        return IntStream.range(
                        spec.untyped().isPresent() ? -1 : 0,
                        Math.min(spec.typed().size(), TaskCounts.MAX_TYPES - 1))
                .mapToObj(type -> new Measures.Declared(
                        Inspector.typeName(spec, type), tasks.group().name()))
                .toList();
    }

    private static List<Run> runs(Tasks tasks) {
        var spec = tasks.group().tasks().orElseThrow();
        var runs = new ArrayList<Run>();
        for (int type = -1; type < Math.min(spec.typed().size(), TaskCounts.MAX_TYPES); type++) {
            var counts = tasks.counts().ofType(type);
            if (counts != null) {
                String name = type == TaskCounts.MAX_TYPES - 1 ? TaskCounts.OTHERS : Inspector.typeName(spec, type);
                addRuns(runs, name, counts);
            }
        }
        return runs;
    }

    private static void addRuns(List<Run> runs, String type, TaskCounts.OfType counts) {
        for (var outcome : Outcome.values()) {
            var times = counts.ran(outcome);
            if (outcome == Outcome.DONE) {
                times = times.plus(counts.ran(Outcome.ANSWERED));
            }
            if (outcome != Outcome.ANSWERED && times.count() > 0) {
                runs.add(new Run(type, outcome.name().toLowerCase(Locale.ROOT), times));
            }
        }
    }

    private List<Measures.Listener> listeners() {
        var endpoints = parts.listeners().endpoints();
        var all = parts.plan().listeners();
        return IntStream.range(0, Math.min(all.size(), endpoints.size()))
                .mapToObj(index -> listener(endpoints.get(index), all.get(index)))
                .toList();
    }

    private Measures.Listener listener(Endpoint endpoint, Listener listener) {
        var counts = parts.connections().counts(listener);
        return new Measures.Listener(
                endpoint.toString(),
                counts.accepted(),
                counts.closedByPeer(),
                counts.closedHere(),
                counts.closedForCause(),
                counts.messages());
    }

    // Elsewhere

    private long logTasks() {
        try {
            return parts.journal().now(TaskLog::taskCount);
        } catch (IllegalStateException e) {
            LOG.debug("it is not counted", e);
            return 0;
        }
    }

    private static List<Measures.Cpu> cpu(List<Inspection.Child> children) {
        return children.stream()
                .filter(child -> child.state().equals("ready")) // not one that leaves and its successor, of one place
                .flatMap(child -> cpuSeconds(child.pid()).stream()
                        .mapToObj(seconds -> new Measures.Cpu(child.group(), child.place(), seconds)))
                .toList();
    }

    /** Empty where the system does not tell, or the process is gone. */
    private static OptionalDouble cpuSeconds(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return OptionalDouble.of(
                    (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND);
        } catch (IOException | RuntimeException e) {
            LOG.trace("no processor time of {}", pid, e);
            return OptionalDouble.empty();
        }
    }
}
