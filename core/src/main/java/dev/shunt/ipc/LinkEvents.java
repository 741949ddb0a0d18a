package dev.shunt.ipc;

/**
 * What happens on a link, one thing after the other, on whichever thread reads it. Nothing follows {@link #closed}.
 *
 * @param <F> the frames that this end receives
 */
public interface LinkEvents<F extends Frame> {

    void opened(Link link);

    void received(Link link, F frame);

    /** All frames that arrived together have been handed over; a good moment to flush. */
    void receivedAll(Link link);

    /** The link has ended; the reason is for the log, such as "end of stream". */
    void closed(Link link, String reason);
}
