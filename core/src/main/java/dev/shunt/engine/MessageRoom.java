package dev.shunt.engine;

import java.util.HashMap;
import java.util.Map;

/** How many messages of other slots wait for each slot of the program, and how many bytes they have. Any thread. */
public final class MessageRoom {

    public static final int MAX_MESSAGES = 10_000;
    public static final long MAX_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    private record Waiting(int messages, long bytes) {

        static final Waiting NOTHING = new Waiting(0, 0);

        boolean hasRoomFor(int size) {
            return messages == 0 || (messages < MAX_MESSAGES && bytes + size <= MAX_BYTES);
        }

        Waiting with(int size) {
            return new Waiting(messages + 1, bytes + size);
        }

        boolean isHalfEmpty() {
            return messages <= MAX_MESSAGES / 2 && bytes <= MAX_BYTES / 2;
        }
    }

    private final Map<Integer, Waiting> bySlot = new HashMap<>();

    /** Whether there is room for one more, which then takes it. One alone may have more bytes than may wait. */
    public synchronized boolean take(int slot, int bytes) {
        var waiting = of(slot);
        boolean hasRoom = waiting.hasRoomFor(bytes);
        if (hasRoom) {
            bySlot.put(slot, waiting.with(bytes));
        }
        return hasRoom;
    }

    /** One more, whose sender has been told that it is sent. Whether there was room for it. */
    public synchronized boolean add(int slot, int bytes) {
        var waiting = of(slot);
        bySlot.put(slot, waiting.with(bytes));
        return waiting.hasRoomFor(bytes);
    }

    /** The slot has come to it. */
    public synchronized void free(int slot, int bytes) {
        bySlot.computeIfPresent(
                slot,
                (_, waiting) ->
                        waiting.messages == 1 ? null : new Waiting(waiting.messages - 1, waiting.bytes - bytes));
    }

    /** No more than half of what may wait does. */
    public synchronized boolean isHalfEmpty(int slot) {
        return of(slot).isHalfEmpty();
    }

    private Waiting of(int slot) {
        return bySlot.getOrDefault(slot, Waiting.NOTHING);
    }
}
