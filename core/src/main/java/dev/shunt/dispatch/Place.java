package dev.shunt.dispatch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where one child serves at a time, and what waits for that child alone: events in sequences, tasks for one of its slots. One that
 * leaves may still run something beside its successor.
 */
final class Place<P> {

    private final int slots;
    private final int firstSlot;
    private final WaitQueue<P> events = new WaitQueue<>();
    private List<WaitQueue<P>> targeted = List.of();
    private final List<ChildLoad<P>> leaving = new CopyOnWriteArrayList<>(); // counted by other threads, too
    private @Nullable ChildLoad<P> serving;
    private int sequences;

    Place(int slots, int firstSlot) {
        this.slots = slots;
        this.firstSlot = firstSlot;
    }

    int slots() {
        return slots;
    }

    boolean hosts(int slot) {
        return slot >= firstSlot && slot < firstSlot + slots;
    }

    int localSlot(int slot) {
        return slot - firstSlot;
    }

    WaitQueue<P> events() {
        return events;
    }

    /** Whether there ever was a task for one slot. */
    boolean hasTargeted() {
        return !targeted.isEmpty();
    }

    /** Tasks for one slot of this place, counted from 0. */
    WaitQueue<P> tasksFor(int localSlot) {
        if (targeted.isEmpty()) {
            targeted =
                    IntStream.range(0, slots).mapToObj(_ -> new WaitQueue<P>()).toList();
        }
        return targeted.get(localSlot);
    }

    @Nullable ChildLoad<P> serving() {
        return serving;
    }

    void servedBy(ChildLoad<P> child) {
        serving = child;
    }

    List<ChildLoad<P>> leaving() {
        return leaving;
    }

    void leaves(ChildLoad<P> child) {
        if (serving == child) {
            serving = null;
            leaving.add(child);
        }
    }

    void gone(ChildLoad<P> child) {
        if (serving == child) {
            serving = null;
        }
        leaving.remove(child);
    }

    int running() {
        int running = serving == null ? 0 : serving.running();
        for (var child : leaving) {
            running += child.running();
        }
        return running;
    }

    int waiting() {
        return events.size() + targeted.stream().mapToInt(WaitQueue::size).sum();
    }

    int sequences() {
        return sequences;
    }

    void addSequences(int count) {
        sequences += count;
    }
}
