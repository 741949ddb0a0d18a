package dev.shunt.dispatch;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one sees of a dispatcher's tasks from outside, and how they are held up. For its owner, between two of its steps.
 */
public final class Inside<P> {

    /** Whoever looks for the oldest looks no further. */
    private static final int FAR = 20_000;

    private final LiveTasks<P> live;
    private final Leasing<P> leasing;

    Inside(LiveTasks<P> live, Leasing<P> leasing) {
        this.live = live;
        this.leasing = leasing;
    }

    /** A way through all tasks that are not over, oldest first, in several steps of the dispatcher's owner. */
    public final class Walk implements AutoCloseable {

        private final LiveTasks.Walk<P> walk = live.walk();

        /** At most so many; false when there are no more. */
        public boolean next(int atMost, Consumer<Work<P>> each) {
            for (int i = 0; i < atMost; i++) {
                Work<P> next = walk.next();
                if (next == null) {
                    return false;
                }
                each.accept(next);
            }
            return true;
        }

        @Override
        public void close() {
            live.ended(walk);
        }
    }

    public Walk walk() {
        return new Walk();
    }

    /** The oldest task that wants a slot and is not among those that run; null if none is near the front. */
    public @Nullable Work<P> oldestWaiting(Predicate<Work<P>> runs) {
        int looked = 0;
        for (Work<P> next = live.oldest(); next != null && looked < FAR; next = next.younger) {
            looked++;
            if (!next.aside && !runs.test(next)) {
                return next;
            }
        }
        return null;
    }

    /** A child runs something, and all of it goes on although it was interrupted a while ago. */
    public boolean isStuck(ChildLoad<P> child) {
        var open = child.leases().inOrder();
        return !open.isEmpty()
                && open.stream().map(Leases.Open::work).allMatch(work -> work.hasTimes() && work.times().stuck);
    }

    /** Events that a child could be given. */
    public int waitingEvents() {
        return leasing.waitingEvents();
    }

    /**
     * So many slots at each place from now on, and as many places as there are numbers. Children that serve at places that are
     * no more have to leave before; what waits for them goes to others, and what they run ends there.
     */
    public void resize(List<Integer> slots) {
        leasing.resize(slots);
    }

    /** How many slots there are at all places. */
    public int slots() {
        return leasing.slots();
    }

    /** Nothing starts from now on, or all again; false if it was so before. */
    public boolean pause(boolean paused) {
        return leasing.pause(paused);
    }

    public boolean isPaused() {
        return leasing.pauses().all();
    }

    /** Tasks of this type do not start from now on, or do again; false if it was so before. */
    public boolean pause(int type, boolean paused) {
        return leasing.pause(type, paused);
    }

    /** What this one has asked for does not start from now on, or does again; false if it was so before. */
    public boolean pauseOf(Object asker, boolean paused) {
        return leasing.pauseOf(asker, paused);
    }

    public Set<Integer> pausedTypes() {
        return leasing.pauses().paused();
    }
}
