package dev.shunt.task;

/** How a task ended, or an attempt at it: a {@link Result} without what came of it. */
public enum Outcome {
    DONE,
    /** Done, and all there is to say about it was said by {@link Task#finish} before. */
    ANSWERED,
    /** The handler threw. */
    FAILED,
    LOST,
    REJECTED,
    TIMED_OUT,
    CANCELLED
}
