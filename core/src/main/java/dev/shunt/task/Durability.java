package dev.shunt.task;

/** What an accepted task survives. Other than {@link #MEMORY} needs a {@link TaskLog} that writes to a disk. */
public enum Durability {
    /** The death of its child, not that of the manager. */
    MEMORY,
    /** The death of every process: written to the operating system, not waited for on the disk. */
    DISK,
    /** A loss of power as well, as far as the disk keeps what it says it has written. */
    SYNC
}
