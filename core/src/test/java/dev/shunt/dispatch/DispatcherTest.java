package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.ipc.SlotTable;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DispatcherTest {

    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final long SHORT = 1_000;
    private static final long LONG = Duration.ofSeconds(1).toNanos();

    private final SteppedClock clock = new SteppedClock();
    private final RecordedEffects effects = new RecordedEffects();

    private ByPlace dispatcher(Integer... slots) {
        return new ByPlace(List.of(slots), DispatcherOptions.ofMaxQueued(3), clock, effects);
    }

    private static Work<String> free(String name) {
        return retried(name, 0);
    }

    private static Work<String> retried(String name, int retries) {
        return Work.task(name, RunPolicy.of(TaskOptions.DEFAULT.retries(retries).backoff(BACKOFF), false, 0, 0));
    }

    private @Nullable Work<String> settle(ByPlace dispatcher, String name, boolean failed, long nanos) {
        var given = effects.last(name);
        return dispatcher.settled(given.child(), given.lease(), failed, nanos);
    }

    @Test
    void work_beforeAnyChildIsUp_waits() {
        var dispatcher = dispatcher(1);
        dispatcher.submit(free("a"));
        assertThat(effects.given).isEmpty();
        assertThat(dispatcher.queued()).isEqualTo(1);

        dispatcher.childUp(0);

        assertThat(effects.items(0)).containsExactly("a");
    }

    @Test
    void work_goesToTheChildWithMostIdleSlots() {
        var dispatcher = dispatcher(2, 2);
        dispatcher.childUp(0);
        dispatcher.childUp(1);

        List.of("a", "b", "c", "d").forEach(name -> dispatcher.submit(free(name)));

        assertThat(effects.items(0)).containsExactly("a", "c");
        assertThat(effects.items(1)).containsExactly("b", "d");
        assertThat(dispatcher.running()).isEqualTo(4);
    }

    @Test
    void work_isNotPrefetched_whileRunsAreLong() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(free("a"));
        settle(dispatcher, "a", false, LONG);

        dispatcher.submit(free("b"));
        dispatcher.submit(free("c"));

        assertThat(effects.items(0)).containsExactly("a", "b");
        assertThat(dispatcher.queued()).isEqualTo(1);
    }

    @Test
    void work_isNotPrefetched_byAChildThatHasEndedNothingYet() {
        var dispatcher = dispatcher(1, 1);
        dispatcher.childUp(0);
        dispatcher.submit(free("first"));
        settle(dispatcher, "first", false, SHORT);
        dispatcher.childUp(1);
        List.of("a", "b", "c", "d").forEach(name -> dispatcher.submit(free(name)));
        assertThat(effects.items(1)).hasSize(1);

        settle(dispatcher, effects.items(1).getLast(), false, SHORT);
        List.of("e", "f", "g", "h").forEach(name -> dispatcher.submit(free(name)));
        assertThat(effects.items(1)).hasSizeGreaterThan(2);
    }

    @Test
    void work_isPrefetched_whileRunsAreShort_andTakenBackWhenAnotherChildFallsIdle() {
        var dispatcher = dispatcher(1, 1);
        dispatcher.childUp(0);
        dispatcher.submit(free("first"));
        settle(dispatcher, "first", false, SHORT);
        List.of("slow", "b", "c").forEach(name -> dispatcher.submit(free(name)));
        assertThat(effects.items(0)).containsExactly("first", "slow", "b", "c");

        dispatcher.childUp(1);
        dispatcher.submit(free("d"));
        settle(dispatcher, "d", false, SHORT);
        assertThat(effects.takeBacks).containsExactly("0:1");
        dispatcher.takenBack(0, List.of(effects.last("c").lease()));

        assertThat(effects.items(1)).containsExactly("d", "c");
    }

    @Test
    void fullQueue_rejects() {
        var dispatcher = dispatcher(1);
        List.of("a", "b", "c", "d").forEach(name -> dispatcher.submit(free(name)));

        assertThat(effects.ended.get("d")).isInstanceOf(Rejected.class);
        assertThat(effects.ended).containsOnlyKeys("d");
    }

    @Test
    void deadChild_notStartedRunsElsewhereInOrder_startedIsLost() {
        var dispatcher = dispatcher(1, 1);
        dispatcher.childUp(0);
        dispatcher.submit(free("warm"));
        settle(dispatcher, "warm", false, SHORT);
        List.of("running", "b", "c").forEach(name -> dispatcher.submit(free(name)));
        long started = effects.last("running").lease();

        dispatcher.childDown(0, lease -> lease == started, "killed");
        assertThat(effects.ended).containsOnlyKeys("running");
        assertThat(effects.ended.get("running")).isEqualTo(new Lost("killed"));

        dispatcher.childUp(1);
        settle(dispatcher, "b", false, SHORT);
        assertThat(effects.items(1)).containsExactly("b", "c");
    }

    @Test
    void notStarted_isNoAttempt() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        var work = retried("a", 0);
        dispatcher.submit(work);
        dispatcher.childDown(0, _ -> false, "killed");
        dispatcher.childUp(0);

        assertThat(work.attempt()).isEqualTo(1);
    }

    @Test
    void failed_isRetriedAfterItsBackoff_andThenOver() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        var work = retried("a", 1);
        dispatcher.submit(work);

        assertThat(settle(dispatcher, "a", true, LONG)).isNull();
        dispatcher.tick();
        assertThat(effects.given).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        dispatcher.tick();
        assertThat(effects.given).hasSize(2);
        assertThat(work.attempt()).isEqualTo(2);
        assertThat(settle(dispatcher, "a", true, LONG)).isSameAs(work);
        assertThat(dispatcher.nextDueNanos()).isEmpty();
    }

    @Test
    void startedOnDeadChild_isRetriedIfItMay() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(retried("a", 1));
        dispatcher.childDown(0, _ -> true, "killed");
        assertThat(effects.ended).isEmpty();

        dispatcher.childUp(0);
        clock.advance(BACKOFF);
        dispatcher.tick();

        assertThat(effects.items(0)).containsExactly("a", "a");
        assertThat(dispatcher.retried()).isEqualTo(1);
    }

    @Test
    void backoff_doubles_andJitterTakesOffUpToHalf() {
        var policy = RunPolicy.of(TaskOptions.DEFAULT.retries(9).backoff(Duration.ofNanos(1_000)), false, 0, 0);
        assertThat(policy.backoffNanos(1, 0)).isEqualTo(1_000);
        assertThat(policy.backoffNanos(1, 1)).isEqualTo(500);
        assertThat(policy.backoffNanos(3, 0)).isEqualTo(4_000);
    }

    @Test
    void sequence_runsOneAtATime_inOrder_onItsChild() {
        var dispatcher = dispatcher(2, 2);
        dispatcher.childUp(0);
        dispatcher.childUp(1);
        var left = dispatcher.openSequence();
        var right = dispatcher.openSequence();
        assertThat(List.of(left.place(), right.place())).containsExactlyInAnyOrder(0, 1);

        dispatcher.submit(Work.inSequence(left, "l1"));
        dispatcher.submit(Work.inSequence(left, "l2"));
        dispatcher.submit(Work.inSequence(right, "r1"));
        assertThat(effects.items(left.place())).containsExactly("l1");
        assertThat(effects.items(right.place())).containsExactly("r1");

        settle(dispatcher, "l1", false, LONG);
        assertThat(effects.items(left.place())).containsExactly("l1", "l2");
    }

    @Test
    void sequence_ofADeadChild_goesOnInItsSuccessor() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        var sequence = dispatcher.openSequence();
        dispatcher.submit(Work.inSequence(sequence, "running"));
        dispatcher.submit(Work.inSequence(sequence, "next"));

        dispatcher.childDown(0, _ -> true, "killed");
        assertThat(effects.ended).containsOnlyKeys("running");
        dispatcher.childUp(0);

        assertThat(effects.items(0)).containsExactly("running", "next");
    }

    @Test
    void staleLease_isIgnored() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(free("a"));
        long lease = effects.last("a").lease();
        settle(dispatcher, "a", false, LONG);

        assertThat(dispatcher.settled(0, lease, false, LONG)).isNull();
        assertThat(dispatcher.settled(0, 99_999, false, LONG)).isNull();
    }

    @Test
    void stop_rejectsWhatWaits_andWhatComes_butLetsRunningEnd() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(free("running"));
        dispatcher.submit(free("waiting"));

        dispatcher.stop("stopping");
        dispatcher.submit(free("late"));

        assertThat(effects.ended).containsOnlyKeys("waiting", "late");
        assertThat(dispatcher.isIdle()).isFalse();
        assertThat(settle(dispatcher, "running", false, LONG)).isNotNull();
        assertThat(dispatcher.isIdle()).isTrue();
    }

    @Test
    void openLeases_neverShareARingPlace() {
        var leases = new Leases<String>();
        long slow = leases.add(free("slow"));
        for (int i = 0; i < 3 * Leases.MAX; i++) {
            long lease = leases.add(free("quick"));
            assertThat(lease % Leases.MAX).isNotEqualTo(slow % Leases.MAX);
            assertThat(leases.remove(lease)).isNotNull();
        }
        assertThat(leases.remove(slow)).isNotNull();
    }

    @Test
    void leasesOpenAtOnce_areAsManyAsTheSlotTableCanTellApart() {
        assertThat(Leases.MAX).isEqualTo(SlotTable.MAX_LEASES);
    }

    @Test
    void stop_ofWorkThatWaitsForARetry_isLost_notRejected() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(retried("a", 1));
        settle(dispatcher, "a", true, SHORT);

        dispatcher.stop("stopping");

        assertThat(effects.ended.get("a")).isInstanceOf(Lost.class);
    }

    @Test
    void stop_letsTheLastOfASequenceRun() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        var sequence = dispatcher.openSequence();
        dispatcher.submit(Work.inSequence(sequence, "running"));
        dispatcher.submit(Work.inSequence(sequence, "waiting"));
        dispatcher.submit(Work.lastInSequence(sequence, "last"));

        dispatcher.stop("stopping");
        settle(dispatcher, "running", false, LONG);

        assertThat(effects.ended).containsOnlyKeys("waiting");
        assertThat(effects.items(0)).containsExactly("running", "last");
    }

    @Test
    void abandoned_isLost_andTheChildServesOn() {
        var dispatcher = dispatcher(1);
        dispatcher.childUp(0);
        dispatcher.submit(free("stuck"));
        dispatcher.abandon(0, "it did not end");
        dispatcher.submit(free("next"));

        assertThat(effects.ended).containsOnlyKeys("stuck");
        assertThat(effects.items(0)).containsExactly("stuck", "next");
    }
}
