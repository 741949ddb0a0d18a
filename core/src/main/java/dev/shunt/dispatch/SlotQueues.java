package dev.shunt.dispatch;

import java.util.List;
import java.util.stream.IntStream;

/** Tasks that only one slot of the group may run, by that slot. Made when the first one comes: few groups have any. */
final class SlotQueues<P> {

    private final int slots;
    private List<WaitQueue<P>> queues = List.of();

    SlotQueues(int slots) {
        this.slots = slots;
    }

    /** Nothing has ever waited here. */
    boolean isUnused() {
        return queues.isEmpty();
    }

    WaitQueue<P> of(int slot) {
        if (queues.isEmpty()) {
            queues = IntStream.range(0, slots).mapToObj(_ -> new WaitQueue<P>()).toList();
        }
        return queues.get(slot);
    }

    int size() {
        return queues.stream().mapToInt(WaitQueue::size).sum();
    }
}
