package dev.shunt.engine;

import java.util.HashMap;
import java.util.Map;

/** How many messages wait for each slot of this process, and how many bytes they have: no more than may. Any thread. */
public final class MessageRoom {

    public static final int MAX_MESSAGES = 10_000;
    public static final long MAX_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** Why one is dropped whose sender cannot be told. */
    public static final String FULL = MAX_MESSAGES + " messages or " + MAX_BYTES + " bytes wait for that worker";

    private record Waiting(int messages, long bytes) {

        static final Waiting NOTHING = new Waiting(0, 0);

        boolean hasRoomFor(int size) {
            return messages == 0 || (messages < MAX_MESSAGES && bytes + size <= MAX_BYTES);
        }
    }

    private final Map<Integer, Waiting> bySlot = new HashMap<>();

    /** Whether there is room for one more, which then takes it. One alone may have more bytes than may wait. */
    public synchronized boolean take(int slot, int bytes) {
        var waiting = bySlot.getOrDefault(slot, Waiting.NOTHING);
        if (!waiting.hasRoomFor(bytes)) {
            return false;
        }
        bySlot.put(slot, new Waiting(waiting.messages + 1, waiting.bytes + bytes));
        return true;
    }

    /** The slot has come to it. */
    public synchronized void free(int slot, int bytes) {
        bySlot.computeIfPresent(
                slot,
                (_, waiting) ->
                        waiting.messages == 1 ? null : new Waiting(waiting.messages - 1, waiting.bytes - bytes));
    }
}
