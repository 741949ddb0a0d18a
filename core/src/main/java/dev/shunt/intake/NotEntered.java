package dev.shunt.intake;

import java.io.IOException;

/** Why a task leaves the intake without having entered dispatch. */
public sealed interface NotEntered {

    /** @param asManyWait it was to wait for room, and as many do as may */
    record QueueFull(boolean asManyWait) implements NotEntered {}

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
