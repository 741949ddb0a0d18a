package dev.shunt.dispatch;

/** How work ended that was not settled. */
public sealed interface Ending {

    /** It had started when its child died or was stopped, and may not be retried. */
    record Lost(String reason) implements Ending {}

    /** It never ran. */
    record Rejected(String reason) implements Ending {}

    /** Somebody cancelled it, or replaced it under its unique key. */
    record Cancelled() implements Ending {}

    /** Its deadline passed, or its last attempt took too long. */
    record TimedOut() implements Ending {}

    /** The program stops, and a log has it: it runs when the program is started next. */
    record Kept() implements Ending {}
}
