package dev.shunt.task;

/** What a handler says before it ends. */
public enum Report {
    /** {@link Task#finish}: a result. */
    FINISHED,
    /** {@link Task#progress}. */
    PROGRESSED
}
