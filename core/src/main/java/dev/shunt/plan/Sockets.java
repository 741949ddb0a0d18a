package dev.shunt.plan;

/** Where the sockets of a listener's connections are, if its handlers run in children; else they are where these are. */
public enum Sockets {
    /** In the manager: a crash or a reload of handlers closes no connection. */
    IN_MANAGER,
    /**
     * In the child that handles them, which accepts from the listening socket that its manager passes to it: no message
     * crosses between processes, but a crash of that child closes its connections, and so does a reload. Linux only.
     */
    IN_CHILD
}
