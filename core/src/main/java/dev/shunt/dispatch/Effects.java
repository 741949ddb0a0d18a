package dev.shunt.dispatch;

/**
 * What a dispatcher wants done. Called while it is being stepped, so do not step it from here.
 *
 * @param <P> what the work is about
 */
public interface Effects<P> {

    /** Give this work to a child under this lease number. */
    void lease(int child, long lease, Work<P> work);

    /** Ask a child for up to {@code count} leases that have not started; it answers with {@link Dispatcher#takenBack}. */
    void takeBack(int child, int count);

    /** The work is over and the dispatcher has forgotten it. Not called for {@link Dispatcher#settled}, which returns it. */
    void ended(Work<P> work, Ending ending);
}
