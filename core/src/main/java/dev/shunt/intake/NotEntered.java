package dev.shunt.intake;

import java.io.IOException;

/** Why a task leaves the intake without having entered dispatch. */
public sealed interface NotEntered {

    /** Of what there is too much already. */
    enum Full {
        /** Tasks that want a slot. */
        TASKS,
        /** Bytes of those. */
        BYTES,
        /** Tasks that wait for their time or their turn. */
        DELAYED,
        /** Bytes of those. */
        DELAYED_BYTES,
        /** Tasks that the store has alone, or is to have. */
        SPILLED
    }

    /** @param asManyWait it was to wait for room, and as many do as may, or as much */
    record QueueFull(Full of, boolean asManyWait) implements NotEntered {}

    /** Another task that was accepted before has its unique key. */
    record KeyTaken(String key) implements NotEntered {}

    /** The program stops. */
    record Stopping() implements NotEntered {}

    /** The store does not keep it. */
    record NotStored(IOException problem) implements NotEntered {}

    /** Whoever waited for room for it does so no longer. */
    record Withdrawn() implements NotEntered {}

    record Cancelled() implements NotEntered {}

    record TimedOut() implements NotEntered {}

    /** The store was given it and cannot give it back: it is damaged or has vanished. */
    record Unreadable(String problem) implements NotEntered {}
}
