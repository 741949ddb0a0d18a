package dev.shunt.plan;

import dev.shunt.check.Check;

/**
 * What all tables and counters that processes share may hold together.
 *
 * @param maxBytes of keys and values, and 64 for each entry
 */
public record SharedLimit(int maxEntries, long maxBytes) {

    /** A million entries, and an eighth of the heap. */
    public static final SharedLimit DEFAULT =
            new SharedLimit(1_000_000, Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 8));

    public SharedLimit {
        Check.count("sharedMap", maxEntries, 1, "without, a million entries may be shared");
        Check.bytes("sharedMap", maxBytes);
    }
}
