package dev.shunt.server;

import dev.shunt.plan.SharedLimit;

/** Settings of a server about its children, and what all its processes share. */
public interface ChildSettings {

    /**
     * How many events of connections (connects, messages, closes) an event slot's child is given, with {@code
     * Placement.CHILDREN}, before another one takes its place; what it hosts counts together. Default 0: any number. Up to half
     * as many more, at random, if it is above 10. No connection is closed by that.
     */
    default ServerSettings maxRequest(int value) {
        var settings = changing("maxRequest");
        settings.recycling = settings.recycling.afterRuns(value);
        return settings;
    }

    /** As {@link #maxRequest(int)}, and up to {@code grace} more for each child, at random. */
    default ServerSettings maxRequest(int value, int grace) {
        var settings = changing("maxRequest");
        settings.recycling = settings.recycling.afterRuns(value, grace);
        return settings;
    }

    /**
     * How many bytes the process of a child of event slots may have in memory, heap, metaspace and native memory together,
     * before another one takes its place. Looked at once a second. Default: any number.
     */
    default ServerSettings workerMaxMemory(long bytes) {
        var settings = changing("workerMaxMemory");
        settings.recycling = settings.recycling.aboveMemory(bytes);
        return settings;
    }

    /** As {@link #workerMaxMemory}, of the children of {@code taskWorkerNum} slots. */
    default ServerSettings taskMaxMemory(long bytes) {
        var settings = changing("taskMaxMemory");
        settings.taskRecycling = settings.taskRecycling.aboveMemory(bytes);
        return settings;
    }

    /** What tables and counters hold at most, with 64 bytes for each entry. Default: a million, and an eighth of the heap. */
    default ServerSettings sharedMap(int maxEntries, long maxBytes) {
        var settings = changing("sharedMap");
        settings.sharedLimit = new SharedLimit(maxEntries, maxBytes);
        return settings;
    }

    private ServerSettings changing(String call) {
        var settings = (ServerSettings) this;
        settings.changing.accept(call);
        return settings;
    }
}
