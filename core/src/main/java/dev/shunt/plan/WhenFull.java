package dev.shunt.plan;

/** What becomes of a task that is submitted while as many wait as may. */
public enum WhenFull {
    /** It is rejected. */
    REJECT,
    /**
     * The call waits until there is room. It is rejected on an event loop, which never waits, and if its thread is
     * interrupted.
     */
    WAIT,
    /** The log keeps it until there is room, even if it need not be durable. */
    SPILL
}
