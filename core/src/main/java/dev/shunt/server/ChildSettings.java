package dev.shunt.server;

import dev.shunt.plan.Recycling;
import dev.shunt.plan.SharedLimit;
import java.util.function.UnaryOperator;

/**
 * Settings of a server about its children, and what all its processes share.
 *
 * @param <S> the settings themselves
 */
public interface ChildSettings<S> {

    /** For this package: changes what is said so far. */
    S recycling(String call, UnaryOperator<Recycling> change);

    /** As {@link #recycling}. */
    S taskRecycling(String call, UnaryOperator<Recycling> change);

    /** As {@link #recycling}. */
    S sharedLimit(String call, UnaryOperator<SharedLimit> change);

    /**
     * How many events of connections (connects, messages, closes) an event slot's child is given, with {@code
     * Placement.CHILDREN}, before another one takes its place; what it hosts counts together. Default 0: any number. Up to half
     * as many more, at random, if it is above 10. No connection is closed by that.
     */
    default S maxRequest(int value) {
        return recycling("maxRequest", now -> now.afterRuns(value));
    }

    /** As {@link #maxRequest(int)}, and up to {@code grace} more for each child, at random. */
    default S maxRequest(int value, int grace) {
        return recycling("maxRequest", now -> now.afterRuns(value, grace));
    }

    /**
     * How many bytes the process of a child of event slots may have in memory, heap, metaspace and native memory together,
     * before another one takes its place. Looked at once a second. Default: any number.
     */
    default S workerMaxMemory(long bytes) {
        return recycling("workerMaxMemory", now -> now.aboveMemory(bytes));
    }

    /** As {@link #workerMaxMemory}, of the children of {@code taskWorkerNum} slots. */
    default S taskMaxMemory(long bytes) {
        return taskRecycling("taskMaxMemory", now -> now.aboveMemory(bytes));
    }

    /** What tables and counters hold at most, with 64 bytes for each entry. Default: a million, and an eighth of the heap. */
    default S sharedMap(int maxEntries, long maxBytes) {
        return sharedLimit("sharedMap", _ -> new SharedLimit(maxEntries, maxBytes));
    }
}
