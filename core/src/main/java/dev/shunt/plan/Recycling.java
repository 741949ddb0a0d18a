package dev.shunt.plan;

import dev.shunt.check.Check;

/**
 * When a child is replaced by a fresh one that serves first.
 *
 * @param maxRuns events of connections that it is given, for each of its slots; 0 for never. Of tasks, {@link TaskSpec} says
 * @param maxRunsSpread up to this many more for each child, at random, so that not all are replaced at once
 * @param maxMemoryBytes that its process may have in memory; 0 for any
 */
public record Recycling(int maxRuns, int maxRunsSpread, long maxMemoryBytes) {

    public static final Recycling NEVER = new Recycling(0, 0, 0);

    public Recycling {
        Check.count("maxRequest", maxRuns, 0, "0 means never");
        Check.count("maxRequest grace", maxRunsSpread, 0, "0 means none more");
    }

    /** And up to half as many more, if they are more than ten. */
    public Recycling afterRuns(int runs) {
        return afterRuns(runs, runs > 10 ? runs / 2 : 0);
    }

    public Recycling afterRuns(int runs, int spread) {
        return new Recycling(runs, spread, maxMemoryBytes);
    }

    public Recycling aboveMemory(long bytes) {
        return new Recycling(maxRuns, maxRunsSpread, Check.bytes("maxMemory", bytes));
    }
}
