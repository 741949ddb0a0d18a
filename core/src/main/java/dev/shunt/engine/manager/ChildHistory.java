package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import dev.shunt.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often each place has lost a child unasked, and why it did last. Lives on the main loop. */
final class ChildHistory {

    private record Exits(int count, String last) {}

    private static final Exits NONE = new Exits(0, "");

    private final Clock clock;
    private final Map<ChildPlace, Exits> exits = new HashMap<>();

    ChildHistory(Clock clock) {
        this.clock = clock;
    }

    void exited(Child child, String how) {
        exits.merge(
                child.place(),
                new Exits(1, child + " is gone: " + how),
                (before, now) -> new Exits(before.count() + 1, now.last()));
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
