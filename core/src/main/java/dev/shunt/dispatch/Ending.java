package dev.shunt.dispatch;

/** How work ended that was not settled. */
public sealed interface Ending {

    /** It had started when its child died or was stopped, and may not be retried. */
    record Lost(String reason) implements Ending {}

    /** It never ran. */
    record Rejected(String reason) implements Ending {}
}
