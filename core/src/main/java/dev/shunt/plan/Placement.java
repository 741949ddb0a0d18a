package dev.shunt.plan;

/** Where a group's handlers run. */
public enum Placement {
    /** On the event loop that owns the connection: fastest, and must not block. Connections only. */
    EVENT_LOOP,
    /** On slots, threads of their own, in the manager's process. */
    IN_PROCESS,
    /** On slots in child processes. */
    CHILDREN
}
