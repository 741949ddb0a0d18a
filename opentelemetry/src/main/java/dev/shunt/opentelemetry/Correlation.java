package dev.shunt.opentelemetry;

/** How the span of an attempt belongs to the one that submitted its task. */
public enum Correlation {

    /**
     * The first attempt of a task that is run at once is a child, as a call would be; one that comes later, as it was delayed,
     * is from a schedule, follows another attempt or another run of the program, begins a trace of its own, with a link.
     */
    AUTO,

    /** Each attempt begins a trace of its own, with a link. */
    LINK,

    /** Each attempt is a child, however late. */
    CHILD,

    /** Each attempt begins a trace of its own, and nothing says whose it is. */
    NONE
}
