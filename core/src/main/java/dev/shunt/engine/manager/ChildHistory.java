package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import dev.shunt.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How often each place has lost a child unasked, and why it did last. Lives on the main loop. */
final class ChildHistory {

    private record Exits(int count, String last) {}

    private static final Pattern SIGNAL = Pattern.compile("\\((SIG[A-Z]+)\\)");
    private static final Exits NONE = new Exits(0, "");

    private final Clock clock;
    private final Map<ChildPlace, Exits> exits = new HashMap<>();

    /** By group. */
    private final Map<String, Map<String, Long>> causes = new TreeMap<>();

    ChildHistory(Clock clock) {
        this.clock = clock;
    }

    void exited(Child child, String how) {
        causes.computeIfAbsent(child.place().group(), _ -> new TreeMap<>()).merge(cause(how), 1L, Long::sum);
        exits.merge(
                child.place(),
                new Exits(1, child + " is gone: " + how),
                (before, now) -> new Exits(before.count() + 1, now.last()));
    }

    /** What ended them, one word of few. */
    private static String cause(String how) {
        var signal = SIGNAL.matcher(how);
        if (signal.find()) {
            return signal.group(1).toLowerCase(Locale.ROOT);
        }
        return how.contains("OutOfMemoryError") ? "out_of_memory" : how.startsWith("exit code") ? "exit" : "other";
    }

    List<Measures.Restarts> restarts() {
        var all = new ArrayList<Measures.Restarts>();
        causes.forEach((group, counts) ->
                counts.forEach((cause, count) -> all.add(new Measures.Restarts(group, cause, count))));
        return all;
    }

    /** Without what only the system knows. */
    Inspection.Child seen(Child child, int busy) {
        var told = child.told();
        var lost = exits.getOrDefault(child.place(), NONE);
        return new Inspection.Child(
                child.pid(),
                child.place().group(),
                child.place().index(),
                child.serial(),
                child.stateName(),
                since(child.readySinceNanos()),
                null,
                told == null ? null : told.heapBytes(),
                told == null ? null : told.maxHeapBytes(),
                child.place().slots(),
                busy,
                told == null || told.version().isEmpty() ? null : told.version(),
                lost.count(),
                lost.count() == 0 ? null : lost.last());
    }

    private @Nullable Instant since(@Nullable Long readyNanos) {
        return readyNanos == null
                ? null
                : Instant.ofEpochMilli(clock.epochMillis() - (clock.nanoTime() - readyNanos) / 1_000_000);
    }
}
