package dev.shunt.bus;

import java.io.IOException;

/**
 * Carries messages between the nodes of a fleet: each at most once, and those of one node in their order, whether they are for
 * one or for all. A node is one manager's run. Opened by the manager alone. Nobody waits for it: what it has no room for, or
 * cannot hand on, is dropped and counted, and those who miss it count that as well. Safe for use by any thread.
 */
public interface Bus extends AutoCloseable {

    /** Numbers of nodes have so many bits, so that ids which begin with them are exact in JSON. */
    int NODE_BITS = 15;

    /** Opens a bus: called in the manager when the program starts, never in a child. */
    @FunctionalInterface
    interface Opener {

        /**
         * @param listener hears on a thread of the bus, from before this returns on
         * @throws IOException saying which server, what is wrong with it and what to do
         */
        Bus open(Listener listener) throws IOException;
    }

    /** What a node hears, one after the other. */
    @FunctionalInterface
    interface Listener {

        /** A message of another node. */
        void received(int from, byte[] message);
    }

    /**
     * What has become of messages since the start.
     *
     * @param nodes that live, this one too, as far as this one knows
     * @param sent taken by the bus
     * @param received from other nodes
     * @param gaps those of other nodes that were for this one and did not come
     * @param dropped of this node, because the bus was not reached or had no room
     * @param reachable whether it was reached last time
     */
    record Counts(int nodes, long sent, long received, long gaps, long dropped, boolean reachable) {}

    /** This node's number, from 1: no other node that lives has it, and none gets it again until all others were given. */
    int node();

    /** To one node. False if it is dropped; true says that it is on its way, not that the node lives. */
    boolean send(int node, byte[] message);

    /** To all other nodes. False if it is dropped. */
    boolean all(byte[] message);

    Counts counts();

    /** This node leaves: what it was given before is sent, if that can be done at once. */
    @Override
    void close() throws IOException;
}
