package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.List;

/** Tasks that only one slot of the group may run, by that slot. Made when the first one comes: few groups have any. */
final class SlotQueues<P> {

    private final List<WaitQueue<P>> queues = new ArrayList<>();

    /** Nothing has ever waited here. */
    boolean isUnused() {
        return queues.isEmpty();
    }

    WaitQueue<P> of(int slot) {
        while (queues.size() <= slot) {
            queues.add(new WaitQueue<>());
        }
        return queues.get(slot);
    }

    /** What waits for slots from that one on, which are no more. */
    List<Work<P>> from(int slots) {
        var left = new ArrayList<Work<P>>();
        for (int slot = slots; slot < queues.size(); slot++) {
            for (Work<P> task = queues.get(slot).poll(); task != null; task = queues.get(slot).poll()) {
                left.add(task);
            }
        }
        return left;
    }

    int size() {
        return queues.stream().mapToInt(WaitQueue::size).sum();
    }
}
