package dev.shunt.dispatch;

import dev.shunt.dispatch.Ending.Rejected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of connections: one at a time of each sequence, by the child at the sequence's place. Once stopped, of each
 * sequence only what runs and its last event go on.
 *
 * <pre>
 *   submit ──► waits in its sequence ──► ready at its place ──lease──► leased ──ended──► over, and the next is ready
 *                        │                       ▲   │                   │
 *                        │                       └───┼──────putBack──────┘
 *                        └──────────stop─────────────┴──► rejected
 * </pre>
 */
final class EventSequences<P> {

    /** What could go to the child at each place. */
    private final List<WaitQueue<P>> ready = new ArrayList<>();

    /** How many are open at each place; more places than there are, if there were more. */
    private int[] open = {};

    /** Those that came later have no child before their first one is ready. */
    private final BitSet served = new BitSet();

    private int places;

    private final Effects<P> effects;
    private @Nullable String stopping;

    EventSequences(int places, Effects<P> effects) {
        this.effects = effects;
        resize(places);
        served.set(0, places);
    }

    /** What waits at places that are no more goes to others; what is with a child there, when that has ended it. */
    void resize(int now) {
        places = now;
        served.clear(now, Math.max(now, served.length()));
        open = Arrays.copyOf(open, Math.max(now, open.length));
        while (ready.size() < now) {
            ready.add(new WaitQueue<>());
        }
        for (int place = now; place < ready.size(); place++) {
            var left = ready.get(place);
            for (Work<P> event = left.poll(); event != null; event = left.poll()) {
                readyAt(here(sequenceOf(event))).add(event);
            }
        }
    }

    /** A child is ready at that place. */
    void served(int place) {
        served.set(place);
    }

    /** The place of a sequence of which nothing is with a child: another, if its own is no more. */
    private int here(Sequence<P> sequence) {
        if (sequence.place() >= places) {
            open[sequence.place()]--;
            sequence.moves(fewest());
            open[sequence.place()]++;
        }
        return sequence.place();
    }

    /** A new sequence at the place that has the fewest. */
    Sequence<P> open() {
        int fewest = fewest();
        open[fewest]++;
        return new Sequence<>(fewest);
    }

    private int fewest() {
        int fewest = 0;
        for (int place = 1; place < places; place++) {
            if (served.get(place) && open[place] < open[fewest]) {
                fewest = place;
            }
        }
        return fewest;
    }

    void close(Sequence<P> sequence) {
        open[sequence.place()]--;
    }

    boolean hasOpenAt(int place) {
        return open[place] > 0;
    }

    /** Events that the child at this place may be given. */
    WaitQueue<P> readyAt(int place) {
        return ready.get(place);
    }

    static int placeOf(Work<?> event) {
        return sequenceOf(event).place();
    }

    void submit(Work<P> event) {
        if (sequenceOf(event).enter(event)) {
            readyAt(here(sequenceOf(event))).add(event);
        }
    }

    /** An event is over, and the next one of its sequence has its turn; not if it was still waiting for its own. */
    void ended(Work<P> event) {
        Sequence<P> sequence = sequenceOf(event);
        Work<P> next = sequence.isWaiting(event) ? null : sequence.leave();
        if (next != null && stopping != null) {
            rejectUpToLast(next, stopping);
        } else if (next != null) {
            readyAt(here(sequence)).add(next);
        }
    }

    /** A child that had it has not started it: it is the first to be given again. */
    void putBack(Work<P> event) {
        if (stopping == null) {
            readyAt(here(sequenceOf(event))).addFirst(event);
        } else {
            rejectUpToLast(event, stopping);
        }
    }

    /** Rejects all that no child has, but for the last of each sequence. */
    void stop(String reason) {
        stopping = reason;
        for (WaitQueue<P> queue : ready) {
            var events = new ArrayList<Work<P>>();
            for (Work<P> event = queue.poll(); event != null; event = queue.poll()) {
                events.add(event);
            }
            events.forEach(event -> rejectUpToLast(event, reason));
        }
    }

    /** Rejects an event whose turn it is and all that waits behind it, up to the last of the sequence, which is ready. */
    private void rejectUpToLast(Work<P> event, String reason) {
        Sequence<P> sequence = sequenceOf(event);
        for (Work<P> next = event; next != null; next = sequence.leave()) {
            if (next.isLast()) {
                readyAt(here(sequence)).add(next);
                return;
            }
            next.over = true;
            effects.ended(next, new Rejected(reason));
        }
    }

    /** How many are ready. */
    int size() {
        return ready.stream().mapToInt(WaitQueue::size).sum();
    }

    private static <P> Sequence<P> sequenceOf(Work<P> event) {
        return Objects.requireNonNull(event.sequence());
    }
}
