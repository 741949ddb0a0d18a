package dev.shunt.benchmarks.program;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the task servers of the scenario {@code seed} are reached. Each message opens a connection, which keeps its
 * port for a minute after it was closed; so one address would be out of ports within a second, and the kernel's search
 * for one be what is measured. The server listens on all of this machine, and its clients take addresses in turn.
 */
public final class TaskServers {

    /** For the server to listen on. */
    public static final String ANY = "0.0.0.0";

    private static final int ADDRESSES = 32;

    private final AtomicInteger turn = new AtomicInteger();

    /** For the next connection. Safe for use by any thread. */
    public String next() {
        return "127.0.0." + (1 + Math.floorMod(turn.getAndIncrement(), ADDRESSES));
    }
}
