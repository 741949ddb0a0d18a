package dev.shunt.stats;

/**
 * The program in numbers, all of one moment. Counts are since its start.
 *
 * @param startedAtMillis epoch milliseconds
 */
public record Stats(
        long startedAtMillis,
        Connections connections,
        Tasks tasks,
        Slots slots,
        Children children,
        Payloads payloads,
        Packets packets,
        Fleet fleet,
        Bus bus) {

    /**
     * Those that the program accepted.
     *
     * @param open now
     * @param messages received from all of them
     * @param refused closed at once, because there were as many as may be, in all or of its address, or because
     *     descriptors were few
     * @param evicted cut because all connections together held more than {@code maxHeldBytes}, and this one most
     * @param heldBytes of messages that are not whole and of what waits to be sent, now
     * @param refusedRequests of HTTP, answered with 503 because as many as may be waited for their answers
     * @param refusedMessages to groups, users or all, that a connection was not sent because too much waited for it
     */
    public record Connections(
            long open,
            long accepted,
            long closed,
            long messages,
            long refused,
            long evicted,
            long heldBytes,
            long maxHeldBytes,
            long refusedRequests,
            long refusedMessages) {}

    /**
     * What became of tasks. Those of this run of the program are queued, running or ended; one that was told to end and
     * whose handler goes on is both of the last.
     *
     * @param submitted in this run; what an earlier one left in the task log is not among them
     * @param queued accepted and not started: waiting in the manager, for a retry, or ahead in a child
     * @param running started and not ended, or ended and the task log or whoever asked does not know yet: there may be
     *     more of these than slots
     * @param done ended by a result, or by an answer that its handler gave elsewhere
     * @param retried attempts that were followed by another one
     * @param dead dead letters that are kept now
     * @param delayed of those queued, what waits in memory for its time or its turn
     * @param bytes of tasks in memory that wait for a slot or run, with 256 for each
     * @param delayedBytes of those that wait for their time or their turn
     * @param maxQueued how many may wait in memory for a slot
     * @param maxQueuedBytes that those may have, and those that run
     * @param maxDelayed how many may wait in memory for their time or their turn
     * @param maxDelayedBytes that those may have
     * @param resultBytes of results that slots have not come to which asked for them
     * @param maxResultBytes that those of one slot may have
     */
    public record Tasks(
            long submitted,
            long queued,
            long running,
            long done,
            long failed,
            long lost,
            long timedOut,
            long cancelled,
            long rejected,
            long retried,
            long dead,
            long delayed,
            long bytes,
            long delayedBytes,
            int maxQueued,
            long maxQueuedBytes,
            int maxDelayed,
            long maxDelayedBytes,
            long resultBytes,
            long maxResultBytes) {

        /** However they did. */
        public long ended() {
            return done + failed + lost + timedOut + cancelled + rejected;
        }
    }

    /**
     * What runs handlers.
     *
     * @param workers slots that run no tasks
     * @param tasks slots that run tasks
     * @param idleTasks of these, how many run nothing
     */
    public record Slots(int workers, int tasks, int idleTasks) {}

    /**
     * Processes that the manager started.
     *
     * @param replaced because they ended without being told to
     */
    public record Children(long replaced) {}

    /**
     * Payloads of 8 KiB and more, on their way from the manager to children or back, that do not travel in frames.
     *
     * @param inMemory through memory that both have
     * @param inFiles through files, because there was no room in it, or there is none; of 64 KiB and more
     * @param memoryBytes that all children share with the manager now; what was in use at once stays theirs
     */
    public record Payloads(long inMemory, long inFiles, long memoryBytes) {}

    /**
     * Datagrams of all addresses.
     *
     * @param dropped of those received: longer than allowed, too many waited for their handler, or it was gone
     * @param unsent answers that were not sent, because too much waited or the system did not take them
     * @param waiting for their handler, or with it, now; none on event loops
     * @param droppedBySystem not among those received: nobody took them from their socket in time; 0 where the system does not
     *     tell (Linux does)
     */
    public record Packets(long received, long dropped, long unsent, long waiting, long droppedBySystem) {}

    /**
     * The nodes that share a task queue, as this one knows them.
     *
     * @param node this one's number; 0 if tasks are not shared
     * @param nodes that live
     * @param fenced tasks that others took over while this node had them, and whose ends here did not count
     * @param waiting tasks of all nodes that have not been handed to one
     * @param leased tasks that nodes have
     * @param reachable whether the queue was reached last time
     */
    public record Fleet(int node, int nodes, long fenced, long waiting, long leased, boolean reachable) {
        public static final Fleet NONE = new Fleet(0, 0, 0, 0, 0, false);
    }

    /**
     * Messages between the nodes of a fleet.
     *
     * @param node this one's number, with which ids of its connections begin; 0 if there is no bus
     * @param nodes that live, this one too, as far as this one knows
     * @param sent to others, taken by the bus
     * @param received from others
     * @param gaps of others, for this node, that did not come
     * @param dropped of this node, because the bus was not reached or had no room
     * @param reachable whether it was reached last time
     */
    public record Bus(int node, int nodes, long sent, long received, long gaps, long dropped, boolean reachable) {
        public static final Bus NONE = new Bus(0, 0, 0, 0, 0, 0, false);
    }
}
