package dev.shunt.ipc;

/** What a slot is given to run: a task, one event of a connection, or a datagram. The ordinal travels, and stands in the slot table. */
public enum WorkKind {
    TASK,
    CONNECT,
    MESSAGE,
    DRAINED,
    CLOSE,
    PACKET
}
