package dev.shunt.intake;

import dev.shunt.intake.NotEntered.Cancelled;
import dev.shunt.intake.NotEntered.NotStored;
import dev.shunt.intake.NotEntered.TimedOut;
import dev.shunt.intake.NotEntered.Withdrawn;
import dev.shunt.task.Unique.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Who has a unique key until dispatch has it: of each key the tasks that have not entered, first accepted first, and they
 * enter in that order. What is accepted before all of an earlier run is known claims its key after that. Owned by
 * {@link Turns}, and tells what is to end.
 *
 * <pre>
 *   DROP     over at once, if another one has the key
 *   JOIN     enters right behind the one that has the key, or ends as that does before it enters
 *   REPLACE  as soon as it cannot be lost itself, ends all that had the key before it
 * </pre>
 */
final class UniqueClaims<T extends Submitted> {

    private final BiConsumer<Pending<T>, NotEntered> endSoon;
    private final Handover<T> handover;
    private final KeyOrder<T> line = new KeyOrder<>(Pending::uniqueKey);
    private final SequencedSet<Pending<T>> undecided = new LinkedHashSet<>();

    /** Keys whose first has changed. */
    private final Deque<String> moved = new ArrayDeque<>();

    private boolean goingOn;

    /** @param endSoon ends a task as soon as it can be */
    UniqueClaims(BiConsumer<Pending<T>, NotEntered> endSoon, Handover<T> handover) {
        this.endSoon = endSoon;
        this.handover = handover;
    }

    /** False if it is to be dropped. */
    boolean accepts(Pending<T> pending, boolean recovered) {
        if (pending.unique == null) {
            return true;
        }
        if (!recovered && !pending.first) {
            undecided.add(pending);
            return true;
        }
        return claims(pending);
    }

    private boolean claims(Pending<T> pending) {
        if (is(pending, Policy.DROP) && isTaken(pending)) {
            return false;
        }
        line.add(pending);
        return true;
    }

    private static boolean is(Pending<?> pending, Policy policy) {
        return pending.unique != null && pending.unique.policy() == policy;
    }

    /** By another one, that was before it. */
    private boolean isTaken(Pending<T> pending) {
        var first = line.first(pending.uniqueKey());
        return (first != null && first != pending) || isTakenThere(pending);
    }

    private boolean isTakenThere(Pending<T> pending) {
        String key = pending.uniqueKey();
        return key != null && handover.holdsUniqueKey(key);
    }

    /** By any task. */
    boolean isTaken(String key) {
        return line.first(key) != null || handover.holdsUniqueKey(key);
    }

    /** It waits for nothing but the one whose result it gets. */
    boolean joins(Pending<T> pending) {
        return is(pending, Policy.JOIN) && !undecided.contains(pending) && isTaken(pending);
    }

    /** It waits for its turn, at least as things are. */
    boolean waits(Pending<T> pending) {
        return pending.unique != null && (undecided.contains(pending) || isTaken(pending));
    }

    boolean isUndecided(Pending<T> pending) {
        return pending.unique != null && undecided.contains(pending);
    }

    /** It may enter, as far as its unique key goes. */
    boolean hasTurn(Pending<T> pending) {
        return pending.unique == null || line.first(pending.uniqueKey()) == pending;
    }

    /** It is in memory, or in the store if it must be. */
    void kept(Pending<T> pending) {
        if (!is(pending, Policy.REPLACE) || pending.replaced || undecided.contains(pending)) {
            return;
        }
        pending.replaced = true;
        String key = pending.uniqueKey();
        if (key != null && isTakenThere(pending)) {
            handover.giveUpUniqueKey(key);
        }
        before(pending).forEach(other -> endSoon.accept(other, new Cancelled())); // it may enter after the last of them
    }

    private List<Pending<T>> before(Pending<T> pending) {
        var before = new ArrayList<Pending<T>>();
        for (var other : line.of(pending.uniqueKey())) {
            if (other == pending) {
                break;
            }
            before.add(other);
        }
        return before;
    }

    /** It has entered, or is left to the store. */
    void leave(Pending<T> pending) {
        if (pending.unique != null) {
            undecided.remove(pending);
            line.remove(pending);
            moved.add(pending.unique.key());
        }
    }

    /** It is over before it has entered: so is what was to get its result, as it is the task's own end. */
    List<Pending<T>> endWith(Pending<T> pending, NotEntered why) {
        boolean isItsEnd = why instanceof Cancelled
                || why instanceof TimedOut
                || why instanceof NotStored
                || why instanceof Withdrawn;
        if (pending.unique == null || !isItsEnd || !line.has(pending) || joins(pending)) {
            return List.of();
        }
        var joined = new ArrayList<Pending<T>>();
        boolean behind = false;
        for (var other : line.of(pending.uniqueKey())) {
            if (behind && !is(other, Policy.JOIN)) {
                break;
            }
            if (behind) {
                joined.add(other);
            }
            behind |= other == pending;
        }
        joined.forEach(line::remove);
        return joined;
    }

    /** All of the earlier run is known: those that came meanwhile claim their keys, in their order. */
    void recovered(Consumer<Pending<T>> dropped, Consumer<Pending<T>> claimed) {
        while (!undecided.isEmpty()) {
            var pending = undecided.removeFirst();
            if (!claims(pending)) {
                dropped.accept(pending);
            } else {
                claimed.accept(pending);
            }
        }
        moved.addAll(line.keys());
    }

    /** Calls for each that has its turn now, until nothing moves any more. */
    void goOn(Consumer<Pending<T>> hasTurn) {
        if (goingOn || moved.isEmpty()) {
            return;
        }
        goingOn = true;
        for (String key = moved.poll(); key != null; key = moved.poll()) {
            Pending<T> next = line.first(key);
            if (next != null && next.state() == Pending.State.HELD) {
                hasTurn.accept(next);
            }
        }
        goingOn = false;
    }

    /** Those that have not entered. */
    List<Collection<Pending<T>>> lines() {
        var lines = new ArrayList<Collection<Pending<T>>>(line.lines());
        lines.add(undecided);
        return lines;
    }

    int size() {
        return line.size() + undecided.size();
    }
}
