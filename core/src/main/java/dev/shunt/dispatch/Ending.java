package dev.shunt.dispatch;

/** How work ended for good, as the dispatcher knows it. */
public sealed interface Ending {

    /** The handler ran to its end, well or by throwing; the outcome came with {@link Dispatcher#settled}. */
    record Settled() implements Ending {}

    /** It had started when its child died or was stopped, and may not be retried. */
    record Lost(String reason) implements Ending {}

    /** It never ran. */
    record Rejected(String reason) implements Ending {}
}
