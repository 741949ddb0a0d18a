package dev.shunt.task;

import dev.shunt.check.Check;

/**
 * At most one task of a key at a time, from its submission to its end, retries included.
 *
 * @param policy what happens to a second one
 */
public record Unique(String key, Policy policy) {

    public Unique {
        Check.given("uniqueKey", key);
        Check.given("uniqueKey policy", policy);
    }

    /** What happens to a task whose key is taken. */
    public enum Policy {
        /** The new one is rejected. */
        DROP,
        /** The old one is cancelled, and the new one runs after it. */
        REPLACE,
        /** The new one does not run: it gets the old one's result. */
        JOIN
    }
}
