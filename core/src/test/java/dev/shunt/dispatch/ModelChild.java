package dev.shunt.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A child as the model plays it: a queue that its slots share, one for each slot, and messages it has not read. */
final class ModelChild {

    final ChildLoad<ModelTask> load;
    final int place;
    final int slots;
    final Map<Long, ModelTask> leases = new LinkedHashMap<>();
    final Deque<Integer> takeBacks = new ArrayDeque<>();
    final Deque<Long> interrupts = new ArrayDeque<>();
    private final int firstSlot;
    private final Deque<ModelTask> queue = new ArrayDeque<>();
    private final List<Deque<ModelTask>> own;
    private final @Nullable ModelTask[] running;
    boolean leaving;
    boolean toBeReplaced;

    /** It was given as much as it may run, and is to be replaced for that. */
    boolean wornOut;

    /** As many as it may be given, once that is known. */
    int bound = Integer.MAX_VALUE;

    /** What it was given and has not given back. */
    int runs;

    ModelChild(ChildLoad<ModelTask> load, int slots, int firstSlot) {
        this.load = load;
        this.place = load.place();
        this.slots = slots;
        this.firstSlot = firstSlot;
        this.own = IntStream.range(0, slots)
                .mapToObj(_ -> (Deque<ModelTask>) new ArrayDeque<ModelTask>())
                .toList();
        this.running = new ModelTask[slots];
    }

    void given(ModelTask task, long lease) {
        leases.put(lease, task);
        runs++;
        if (task.slot < 0) {
            queue.add(task);
        } else {
            own.get(task.slot - firstSlot).add(task);
        }
    }

    boolean hosts(int slot) {
        return slot >= firstSlot && slot < firstSlot + slots;
    }

    /** @param leftBehind slots of its place that those before it still use */
    boolean hasIdleSlot(int leftBehind) {
        return !leaving && runs < bound && leases.size() < slots - leftBehind;
    }

    /** Free work that no slot has taken, although all slots have something. */
    boolean keepsFreeWorkWaiting() {
        return !leaving && leases.size() > slots && !queue.isEmpty();
    }

    /** What idle slots take now: first what is for them alone. */
    List<ModelTask> start() {
        var started = new ArrayList<ModelTask>();
        for (int slot = 0; slot < slots; slot++) {
            if (running[slot] == null) {
                ModelTask next =
                        own.get(slot).isEmpty() ? queue.poll() : own.get(slot).poll();
                running[slot] = next;
                if (next != null) {
                    started.add(next);
                }
            }
        }
        return started;
    }

    List<ModelTask> running() {
        var all = new ArrayList<ModelTask>();
        for (ModelTask task : running) {
            if (task != null) {
                all.add(task);
            }
        }
        return all;
    }

    void ended(ModelTask task) {
        leases.remove(task.lease);
        for (int slot = 0; slot < slots; slot++) {
            if (running[slot] == task) {
                running[slot] = null;
            }
        }
    }

    /** Up to {@code count} that no slot has taken, the youngest first, those for one slot only last. */
    List<ModelTask> takeBack(int count) {
        var back = new ArrayList<ModelTask>();
        while (back.size() < count && !queue.isEmpty()) {
            back.add(queue.removeLast());
        }
        for (var tasks : own) {
            while (back.size() < count && !tasks.isEmpty()) {
                back.add(tasks.removeLast());
            }
        }
        back.forEach(task -> leases.remove(task.lease));
        runs -= back.size();
        return back;
    }

    /** True if no slot had taken it, and none will. */
    boolean remove(ModelTask task) {
        boolean waited = queue.remove(task);
        for (var tasks : own) {
            waited |= tasks.remove(task);
        }
        if (waited) {
            leases.remove(task.lease);
            runs--;
        }
        return waited;
    }
}
