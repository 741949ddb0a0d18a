package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EventSequencesTest {

    private final RecordedEffects effects = new RecordedEffects();
    private final EventSequences<String> sequences = new EventSequences<>(2, effects);

    @Test
    void open_atThePlaceWithTheFewest() {
        var first = sequences.open();
        assertThat(List.of(
                        first.place(),
                        sequences.open().place(),
                        sequences.open().place()))
                .containsExactly(0, 1, 0);
        assertThat(sequences.hasOpenAt(1)).isTrue();
        sequences.close(first);
        assertThat(sequences.open().place()).isZero();
    }

    @Test
    void events_areReadyOneAtATime() {
        var sequence = sequences.open();
        var first = submit(sequence, "a");
        submit(sequence, "b");
        assertThat(ready(0)).containsExactly("a");
        sequences.ended(first);
        assertThat(ready(0)).containsExactly("b");
    }

    @Test
    void putBack_isFirst() {
        var a = submit(sequences.open(), "a");
        sequences.open();
        sequences.readyAt(0).poll();
        submit(sequences.open(), "b");
        sequences.putBack(a);
        assertThat(ready(0)).containsExactly("a", "b");
    }

    @Test
    void stop_rejectsUpToTheLastOfEachSequence() {
        var sequence = sequences.open();
        submit(sequence, "a");
        submit(sequence, "b");
        sequences.submit(Work.lastInSequence(sequence, "last"));
        sequences.stop("stopping");
        assertThat(effects.ended.keySet()).containsExactly("a", "b");
        assertThat(effects.ended.values()).allMatch(new Ending.Rejected("stopping")::equals);
        assertThat(ready(0)).containsExactly("last");
    }

    @Test
    void stop_whatRunsEnds_andTheRestIsRejectedThen() {
        var sequence = sequences.open();
        var running = submit(sequence, "running");
        sequences.readyAt(0).poll();
        submit(sequence, "b");
        sequences.submit(Work.lastInSequence(sequence, "last"));
        sequences.stop("stopping");
        assertThat(effects.ended).isEmpty();
        sequences.ended(running);
        assertThat(effects.ended.keySet()).containsExactly("b");
        assertThat(ready(0)).containsExactly("last");
    }

    @Test
    void stop_whatComesBackFromAChild_isRejected() {
        var a = submit(sequences.open(), "a");
        sequences.readyAt(0).poll();
        sequences.stop("stopping");
        sequences.putBack(a);
        assertThat(effects.ended.keySet()).containsExactly("a");
        assertThat(sequences.size()).isZero();
    }

    private Work<String> submit(Sequence<String> sequence, String name) {
        var event = Work.inSequence(sequence, name);
        sequences.submit(event);
        return event;
    }

    private List<String> ready(int place) {
        var queue = sequences.readyAt(place);
        var all = new ArrayList<String>();
        while (!queue.isEmpty()) {
            all.add(Objects.requireNonNull(queue.poll()).item());
        }
        return all;
    }
}
