package dev.shunt.dispatch;

/** Why a run under way is to end before its handler has; of two the later one here counts. */
enum EndCause {
    /** The attempt took too long; there may be another one. */
    TIMEOUT,
    DEADLINE,
    CANCELLED;

    Ending ending() {
        return switch (this) {
            case TIMEOUT, DEADLINE -> new Ending.TimedOut();
            case CANCELLED -> new Ending.Cancelled();
        };
    }
}
