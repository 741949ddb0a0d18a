package dev.shunt.timer;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * A thread that does one thing after the other and must not block: an event loop, or in a test whoever steps it. What it is
 * given it does in that order; what is due, when it is due.
 */
public interface Loop extends Executor {

    /** Whether the caller is this loop's thread. */
    boolean inLoop();

    /**
     * Runs something later, on this loop.
     *
     * @param delay at once, but not before the call returns, if it is not positive
     * @return to cancel it; not to wait for it
     */
    Future<?> schedule(Runnable command, Duration delay);

    /**
     * Which turn this is: after each one the loop's sockets are looked after, and what is due. The loop's thread only.
     */
    long turn();

    /** Runs this once when this turn is over. The loop's thread only. */
    void atEndOfTurn(Runnable command);

    /** Whatever the program's own code threw on this loop: the process ends if nothing can be relied on after that. */
    default void endIfFatal(Throwable error) {}
}
