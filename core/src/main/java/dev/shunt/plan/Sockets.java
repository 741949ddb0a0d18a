package dev.shunt.plan;

/** Where the sockets of a listener's connections are, if its handlers run in children; else they are where these are. */
public enum Sockets {
    /** In the manager: a crash or a reload of handlers closes no connection. */
    IN_MANAGER,
    /**
     * In the child that handles them, which accepts from the listening socket that its manager passes to it: half the work for
     * each message, and a crash closes the connections of that child. Linux only.
     */
    IN_CHILD
}
