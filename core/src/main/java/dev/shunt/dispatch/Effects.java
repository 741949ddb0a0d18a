package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher wants done. Called while it is being stepped, so do not step it from here.
 *
 * @param <P> what the work is about
 */
public interface Effects<P> {

    /** Give this work to a child under this lease number. */
    void lease(ChildLoad<P> child, long lease, Work<P> work);

    /** Ask a child for up to {@code count} leases that have not started; it answers with {@link Dispatcher#takenBack}. */
    void takeBack(ChildLoad<P> child, int count);

    /** Ask a child to end a lease soon: to give it back if it has not started, else to interrupt its handler. */
    void interrupt(ChildLoad<P> child, long lease);

    /**
     * Replace a child: a successor serves its place, and this one ends when it has ended what it runs, by force if it must.
     * False if it cannot be, because it is the manager's own process.
     */
    boolean replace(ChildLoad<P> child, String why);

    /**
     * A child has been given as many leases as it may run, and gets no more: a successor is to serve its place. What it runs
     * may take its time. Ends with {@link Dispatcher#childUp}, or with {@link Dispatcher#notReplaced}. False if it cannot be
     * replaced, because it is the manager's own process.
     */
    boolean wornOut(ChildLoad<P> child);

    /** A step failed for this work, and was left out; call {@link Dispatcher#giveUp} later. */
    void broke(Work<P> work, Throwable problem);

    /** Who has asked for it, and hears of it, if what they ask for may be held up; see {@link Inside#pauseOf}. */
    default @Nullable Object asker(P item) {
        return null;
    }

    /** How long ago a lease has started; negative if it has not. */
    long runningNanos(ChildLoad<P> child, long lease);

    /** An attempt has ended and another one comes after this long. */
    void retried(Work<P> work, long delayNanos);

    /**
     * The work is over and the dispatcher has forgotten it. Not called for {@link Dispatcher#settled}, which returns
     * it.
     */
    void ended(Work<P> work, Ending ending);
}
