package dev.shunt.engine.child;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.netty.Spool;
import org.jspecify.annotations.Nullable;

/** The sockets of a child, which most never have: its event loop is started with the first one. Any thread. */
final class ChildNetwork {

    private final long maxConnectionMemory;
    private final Spool spool;
    private @Nullable Network network;

    ChildNetwork(long maxConnectionMemory, Spool spool) {
        this.maxConnectionMemory = maxConnectionMemory;
        this.spool = spool;
    }

    synchronized Network get() {
        if (network == null) {
            network = Network.open("child", 1, MemoryBudget.of(maxConnectionMemory), new FatalErrors(), spool);
        }
        return network;
    }
}
