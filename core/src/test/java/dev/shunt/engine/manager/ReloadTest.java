package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.process.ChildPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which children a reload replaces, and in which order; the test plays the supervisor. */
class ReloadTest {

    private static final ChildPlace A = new ChildPlace("event", 0, 0, 1, List.of());
    private static final ChildPlace B = new ChildPlace("task", 1, 0, 1, List.of());

    private final Map<ChildPlace, Long> serving = new HashMap<>(Map.of(A, 1L, B, 2L));
    private final List<ChildPlace> replaced = new ArrayList<>();
    private final Reload reload = new Reload(
            place -> serving.containsKey(place) ? OptionalLong.of(serving.get(place)) : OptionalLong.empty(),
            this::replace);
    private final Map<ChildPlace, Long> coming = new HashMap<>();
    private long lastSerial = 2;

    @Test
    void oneCall_replacesEachPlaceOnce_oneAfterTheOther() {
        call();
        assertThat(replaced).containsExactly(A);
        reload.proceed();
        assertThat(replaced).containsExactly(A);
        handOver(A);
        assertThat(replaced).containsExactly(A, B);
        handOver(B);
        assertThat(replaced).containsExactly(A, B);
    }

    @Test
    void manyCallsAtOnce_replaceNoPlaceMoreThanTwice_andThoseThatHadNotBegunOnce() {
        call();
        call();
        call();
        handOver(A);
        handOver(B);
        handOver(A);
        assertThat(replaced).containsExactly(A, B, A);
        call();
        assertThat(replaced).containsExactly(A, B, A, A);
    }

    @Test
    void callsWithoutEnd_starveNoPlace() {
        for (int round = 0; round < 5; round++) {
            call();
            handOver(replaced.getLast());
        }
        assertThat(replaced.subList(0, 5)).containsExactly(A, B, A, B, A);
    }

    @Test
    void callWhileASuccessorStarts_meansThatOneToo() {
        coming.put(A, ++lastSerial); // A's child was told to end by somebody else
        call();
        handOver(A);
        handOver(B);
        assertThat(replaced).containsExactly(A, B, A);
    }

    @Test
    void placeWithoutAChild_isPassedOver_andReplacedOnlyIfItGetsAnOldOne() {
        serving.remove(A);
        call();
        assertThat(replaced).containsExactly(B);
        serving.put(A, 2L);
        reload.proceed();
        handOver(B);
        assertThat(replaced).containsExactly(B, A);
        handOver(A);

        serving.clear();
        call();
        serving.put(A, ++lastSerial);
        serving.put(B, ++lastSerial);
        reload.proceed();
        assertThat(replaced).hasSize(2);
    }

    @Test
    void childThatDies_isReplacedAnyway_andTheNextHasItsTurn() {
        call();
        serving.remove(A);
        reload.gone(1);
        assertThat(replaced).containsExactly(A, B);
        serving.put(A, ++lastSerial);
        reload.proceed();
        handOver(B);
        assertThat(replaced).containsExactly(A, B);
    }

    @Test
    void placeThatCannotBeReplaced_isGivenUp_unlessThereWasAFurtherCall() {
        call();
        reload.notReplaced(1);
        assertThat(replaced).containsExactly(A, B);
        call();
        reload.notReplaced(2);
        assertThat(replaced).containsExactly(A, B, A);
        reload.notReplaced(1);
        assertThat(replaced).containsExactly(A, B, A, B);
        reload.notReplaced(2);
        assertThat(replaced).containsExactly(A, B, A, B);
    }

    private void call() {
        reload.begin(List.of(A, B), lastSerial);
    }

    /** As a supervisor does, which starts no second successor. */
    private void replace(ChildPlace place) {
        replaced.add(place);
        coming.computeIfAbsent(place, _ -> ++lastSerial);
    }

    private void handOver(ChildPlace place) {
        long old = Objects.requireNonNull(serving.put(place, Objects.requireNonNull(coming.remove(place))));
        reload.gone(old);
    }
}
