package dev.shunt.intake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tasks whose callers wait until there is room for them: room for a slot, or room to wait for their turn. Those of one
 * kind are let in first come first served; none of one kind holds up the other. Owned by the {@link Intake}.
 */
final class WaitingRoom<T extends Submitted> {

    private final SequencedSet<Pending<T>> forSlot = new LinkedHashSet<>();
    private final SequencedSet<Pending<T>> forTurn = new LinkedHashSet<>();

    /** In both: asked for with each task. */
    private int size;

    void add(Pending<T> pending) {
        (pending.aside ? forTurn : forSlot).add(pending);
        counted();
    }

    void remove(Pending<T> pending) {
        forSlot.remove(pending);
        forTurn.remove(pending);
        counted();
    }

    private void counted() {
        size = forSlot.size() + forTurn.size();
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    List<Pending<T>> all() {
        var all = new ArrayList<>(forSlot);
        all.addAll(forTurn);
        return all;
    }

    /**
     * Lets in what there is room for; one that has come to wait for the other kind goes there.
     *
     * @param waitsForTurn which kind it waits for now
     * @param hasRoom of the kind that it waits for
     */
    void letIn(Predicate<Pending<T>> waitsForTurn, Predicate<Pending<T>> hasRoom, Consumer<Pending<T>> enters) {
        letIn(forSlot, waitsForTurn, hasRoom, enters);
        letIn(forTurn, waitsForTurn, hasRoom, enters);
    }

    private void letIn(
            SequencedSet<Pending<T>> from,
            Predicate<Pending<T>> waitsForTurn,
            Predicate<Pending<T>> hasRoom,
            Consumer<Pending<T>> enters) {
        while (!from.isEmpty()) {
            var pending = from.getFirst();
            boolean before = pending.aside;
            pending.aside = waitsForTurn.test(pending);
            if (hasRoom.test(pending)) {
                remove(pending);
                enters.accept(pending);
            } else if (pending.aside == before) {
                return;
            } else {
                remove(pending);
                add(pending);
            }
        }
    }
}
