package dev.shunt.ipc;

/** What happens on a link, one thing after the other, on whichever thread reads it. Nothing follows {@link #closed}. */
public interface LinkEvents {

    void opened(Link link);

    void received(Link link, Frame frame);

    /** All frames that arrived together have been handed over; a good moment to flush. */
    void receivedAll(Link link);

    /** The link has ended; the reason is for the log, such as "end of stream". */
    void closed(Link link, String reason);
}
