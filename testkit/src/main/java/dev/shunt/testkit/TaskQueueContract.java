package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.Outcome;
import dev.shunt.task.Priority;
import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Kind;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.task.Unique.Policy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every task queue keeps, seen by two nodes that have it open. Extend it with how a node opens yours; each test finds it
 * empty, or has a type and ids of its own.
 */
public abstract class TaskQueueContract {

    private static final TaskOptions PLAIN = TaskOptions.DEFAULT;
    private static final Duration MOMENT = Duration.ofMillis(300);

    private int tests;
    private String type = "";
    private String limited = "";
    private QueueNode one;
    private QueueNode two;
    private long first;

    /** Opens the queue as a node of that name, as often as it is asked. */
    protected abstract TaskQueue.Opener opener(String name);

    @BeforeEach
    final void open() throws IOException {
        type = "type " + ++tests + " of " + getClass().getSimpleName();
        limited = "limited " + type;
        one = node("one");
        two = node("two");
        first = one.queue().reserve(1) << 24;
    }

    private QueueNode node(String name) throws IOException {
        return new QueueNode(
                opener(name),
                new Kind(type, Optional.empty()),
                new Kind(limited, Optional.of(new RateLimit(10, Duration.ofSeconds(1)))));
    }

    @AfterEach
    final void close() throws IOException {
        one.close();
        two.close();
    }

    private static void kept(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Kept.class);
    }

    private void offer(long id, TaskOptions options) {
        kept(one.offer(id, type, options));
    }

    @Test
    public void task_isHandedToOneNode_andItsAskerIsTold() {
        offer(first, PLAIN.context("back"));
        Claim claim = two.claim();
        assertThat(claim.task().data().text()).isEqualTo("task " + first);
        assertThat(claim.lease().fence()).isEqualTo(1);
        one.want(1).hasNoClaimWithin(MOMENT);
        assertThat(two.done(claim.lease(), "well")).isEqualTo(new Answer.Kept(false));
        var end = one.ended();
        assertThat(end.outcome()).isEqualTo(Outcome.DONE);
        assertThat(end.data().text()).isEqualTo("well");
        assertThat(end.context().text()).isEqualTo("back");
    }

    @Test
    public void headers_goWithEachAttempt() {
        var options = PLAIN.retries(1).header("traceparent", "00-0af7-b7ad-01").header("grün", "\"");
        offer(first, options);
        Claim claim = two.claim();
        assertThat(claim.task().options().headers()).isEqualTo(options.headers());
        kept(two.append(new Entry.Retried(claim.lease(), 1, 1)));
        assertThat(one.claim().task().options().headers()).isEqualTo(options.headers());
    }

    @Test
    public void taskThatRunsWhereItWasAsked_isToldByItsEnd() {
        offer(first, PLAIN);
        assertThat(one.done(one.claim().lease(), "well")).isEqualTo(new Answer.Kept(true));
    }

    @Test
    public void sameId_isOneTask() {
        offer(first, PLAIN);
        offer(first, PLAIN);
        Claim claim = one.claim();
        one.want(1).hasNoClaimWithin(MOMENT);
        kept(one.done(claim.lease(), "once"));
    }

    @Test
    public void typeWithoutAHandler_isNotHandedOut() {
        kept(one.offer(first, "of nobody", PLAIN));
        one.want(1).hasNoClaimWithin(MOMENT);
        kept(one.append(new Entry.CancelAsked(first)));
        assertThat(one.ended().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    public void returned_runsAgain_underAGreaterFence_andALateEndIsRefused() {
        offer(first, PLAIN);
        Claim late = one.claim();
        kept(one.append(new Entry.Returned(late.lease())));
        Claim again = two.claim();
        assertThat(again.lease().fence()).isGreaterThan(late.lease().fence());
        assertThat(one.done(late.lease(), "late")).isInstanceOf(Answer.Fenced.class);
        kept(two.done(again.lease(), "in time"));
        assertThat(one.ended().data().text()).isEqualTo("in time");
    }

    @Test
    public void retried_comesAfterItsDelay_withItsAttempts() {
        offer(first, PLAIN.retries(3));
        Claim claim = one.claim();
        kept(one.append(new Entry.Retried(claim.lease(), 1, MOMENT.toNanos() * 6)));
        one.want(1).hasNoClaimWithin(MOMENT);
        Claim again = one.claim();
        assertThat(again.attempts()).isEqualTo(1);
        kept(one.done(again.lease(), "well"));
    }

    @Test
    public void delayed_isNotHandedOutBefore() {
        offer(first, PLAIN.delay(MOMENT.multipliedBy(6)));
        one.want(1).hasNoClaimWithin(MOMENT);
        kept(one.done(one.claim().lease(), "well"));
    }

    @Test
    public void higherPriorities_goFirst() {
        offer(first, PLAIN.priority(Priority.LOW));
        offer(first + 1, PLAIN.priority(Priority.URGENT));
        var claims = two.claim(2);
        assertThat(claims.getFirst().task().id()).isEqualTo(first + 1);
        claims.forEach(claim -> kept(two.done(claim.lease(), "")));
    }

    @Test
    public void uniqueKey_dropped_untilItIsOver() {
        offer(first, PLAIN.uniqueKey("drop " + type));
        assertThat(two.offer(first + 1, type, PLAIN.uniqueKey("drop " + type))).isInstanceOf(Answer.Refused.class);
        kept(one.done(one.claim().lease(), ""));
        offer(first + 2, PLAIN.uniqueKey("drop " + type));
        kept(one.done(one.claim().lease(), ""));
    }

    @Test
    public void uniqueKey_joined_hasTheSameResult() {
        var options = PLAIN.uniqueKey("join " + type, Policy.JOIN);
        offer(first, options);
        kept(two.offer(first + 1, type, options));
        Claim claim = one.claim();
        one.want(1).hasNoClaimWithin(MOMENT);
        kept(one.done(claim.lease(), "for both"));
        assertThat(two.ended().data().text()).isEqualTo("for both");
    }

    @Test
    public void uniqueKey_replaced_runsAfterTheOneBeforeIsCancelled() {
        var options = PLAIN.uniqueKey("replace " + type, Policy.REPLACE);
        offer(first, options);
        Claim claim = two.claim();
        offer(first + 1, options);
        assertThat(two.cancelled()).isEqualTo(first);
        two.want(1).hasNoClaimWithin(MOMENT);
        kept(two.append(new Entry.Settled(claim.lease(), Outcome.CANCELLED, Data.empty())));
        assertThat(one.ended().outcome()).isEqualTo(Outcome.CANCELLED);
        Claim next = two.claim();
        assertThat(next.task().id()).isEqualTo(first + 1);
        kept(two.done(next.lease(), ""));
    }

    @Test
    public void orderingKey_runsOneAtATime_inItsOrder_alsoOverRetries() {
        var options = PLAIN.orderingKey("key " + type).retries(1);
        IntStream.range(0, 3).forEach(i -> offer(first + i, options));
        Claim claim = one.claim();
        assertThat(claim.task().id()).isEqualTo(first);
        two.want(1).hasNoClaimWithin(MOMENT);
        kept(one.append(new Entry.Retried(claim.lease(), 1, 1)));
        for (int i = 0; i < 3; i++) {
            Claim next = i == 0 ? two.handed() : one.claim(); // two still wants the one that it did not get
            assertThat(next.task().id()).isEqualTo(first + i);
            one.hasNoClaimWithin(Duration.ofMillis(50));
            kept((i == 0 ? two : one).done(next.lease(), ""));
        }
    }

    @Test
    public void cancelled_whileItWaits_isOver_andUnknownOnesAreSaidToBe() {
        offer(first, PLAIN);
        assertThat(two.append(new Entry.CancelAsked(first))).isEqualTo(new Answer.Kept(true));
        assertThat(two.append(new Entry.CancelAsked(first + 99))).isEqualTo(new Answer.Kept(false));
        assertThat(one.ended().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    public void deadlineThatPassesWhileItWaits_endsIt_andLeavesALetter() throws IOException {
        offer(first, PLAIN.deadline(Duration.ofMillis(50)));
        assertThat(one.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(two.queue().dead(first)).isPresent();
        kept(two.append(new Entry.Discarded(first)));
        assertThat(two.queue().dead(first)).isEmpty();
    }

    @Test
    public void letter_runsAgain_fromAnyNode() throws IOException {
        offer(first, PLAIN);
        Claim claim = one.claim();
        var data = Data.of("why");
        kept(one.append(new Entry.Died(claim.lease(), Outcome.LOST, data, 1, "it was lost")));
        assertThat(two.queue().dead(first).orElseThrow().reason()).isEqualTo("it was lost");
        assertThat(two.append(new Entry.Revived(first))).isEqualTo(new Answer.Kept(true));
        Claim again = two.claim();
        assertThat(again.attempts()).isZero();
        assertThat(again.lease().asker()).isZero();
        assertThat(two.done(again.lease(), "")).isEqualTo(new Answer.Kept(true));
        assertThat(two.append(new Entry.Revived(first))).isEqualTo(new Answer.Kept(false));
    }

    @Test
    public void letter_whoseUniqueKeyIsHeld_isRefused_andStaysALetter() throws IOException {
        var unique = PLAIN.uniqueKey("letter " + type);
        offer(first, unique);
        var died = new Entry.Died(one.claim().lease(), Outcome.LOST, Data.of("why"), 1, "it was lost");
        kept(one.append(died));
        offer(first + 1, unique);
        assertThat(two.append(new Entry.Revived(first)))
                .isEqualTo(new Answer.Refused("a task with the unique key 'letter " + type + "' is not over yet"));
        assertThat(two.queue().dead(first)).isPresent();
        kept(one.done(one.claim().lease(), ""));
        assertThat(two.append(new Entry.Revived(first))).isEqualTo(new Answer.Kept(true));
        kept(one.done(one.claim().lease(), ""));
    }

    private void dies(long id) {
        offer(id, PLAIN);
        var lease = two.claim().lease();
        var died = new Entry.Died(lease, Outcome.FAILED, Data.of("why"), 1, "it failed");
        assertThat(two.append(died)).isEqualTo(new Answer.Kept(false));
        assertThat(one.untold().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    public void letter_runsAgain_asSoonAsItsDeathIsTold_fromAnyNode() {
        for (var node : List.of(one, two)) {
            long id = node == one ? first : first + 1;
            dies(id);
            var told = one.begin(new Entry.Told(id));
            assertThat(node.append(new Entry.Revived(id))).isEqualTo(new Answer.Kept(true));
            kept(told.join());
            assertThat(two.done(two.claim().lease(), "")).isEqualTo(new Answer.Kept(true));
        }
    }

    @Test
    public void rate_isOfAllNodesTogether() {
        IntStream.range(0, 6).forEach(i -> kept(one.offer(first + i, limited, PLAIN)));
        long began = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            var node = i % 2 == 0 ? one : two;
            Claim claim = node.claim();
            assertThat(System.nanoTime() - began + claim.startInNanos()).isGreaterThan((i - 1) * 100_000_000L);
            kept(node.done(claim.lease(), ""));
        }
    }

    @Test
    public void progress_comesToTheAsker() {
        offer(first, PLAIN);
        Claim claim = two.claim();
        two.queue().progress(claim.lease(), Data.of("half"));
        assertThat(one.progress().text()).isEqualTo("half");
        two.queue().progress(claim.lease(), Data.of("x".repeat(20_000)));
        assertThat(one.progress().text()).hasSize(20_000);
        kept(two.done(claim.lease(), ""));
    }

    @Test
    public void nodeThatLeaves_givesBackWhatItHas() throws IOException {
        offer(first, PLAIN);
        var leaving = node("leaving");
        leaving.claim();
        leaving.close();
        Claim again = two.claim();
        assertThat(again.deaths()).isZero();
        kept(two.done(again.lease(), ""));
    }

    @Test
    public void whatIsGivenBack_hasItsPlaceAgain() throws IOException {
        offer(first, PLAIN);
        offer(first + 1, PLAIN);
        var leaving = node("leaving");
        leaving.claim();
        leaving.close();
        Claim again = two.claim();
        assertThat(again.task().id()).as("of a node that has left").isEqualTo(first);
        kept(two.append(new Entry.Returned(again.lease())));
        Claim returned = one.claim();
        assertThat(returned.task().id()).as("of one that did not run it").isEqualTo(first);
        kept(one.done(returned.lease(), ""));
        kept(one.done(one.claim().lease(), ""));
    }

    @Test
    public void occurrence_isOneNodes() {
        var occurrence = new Occurrence("nightly " + type, System.currentTimeMillis() - 1, 0, false);
        var mine = (Answer.Fires) one.append(new Entry.Due(occurrence));
        var others = (Answer.Fires) two.append(new Entry.Due(occurrence));
        assertThat(mine.mine()).isNotNull();
        assertThat(others.mine()).isNull();
        var early = new Occurrence("later " + type, System.currentTimeMillis() + 60_000, 0, false);
        assertThat(((Answer.Fires) one.append(new Entry.Due(early))).nextNanos())
                .isPositive();
        kept(one.append(new Entry.Skipped(occurrence)));
    }

    private static Occurrence due(QueueNode node, String schedule, long millisAgo, boolean missed) {
        var asked = new Occurrence(schedule, System.currentTimeMillis() - millisAgo, 0, missed);
        return Objects.requireNonNull(fires(node, asked).mine());
    }

    private static Answer.Fires fires(QueueNode node, Occurrence asked) {
        return (Answer.Fires) node.append(new Entry.Due(asked));
    }

    private Answer offer(QueueNode node, long id, Occurrence due) {
        var options = PLAIN.uniqueKey(Occurrence.key(due.schedule()));
        return node.append(new Entry.Offered(QueueNode.task(id, type, options, due)));
    }

    private static void refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
    }

    @Test
    public void occurrence_hasOneTask() {
        var due = due(one, "once " + type, 1, false);
        refused(offer(two, first, due));
        kept(offer(one, first + 1, due));
        kept(offer(one, first + 1, due)); // sent again
        refused(offer(one, first + 2, due));
        kept(two.done(two.claim().lease(), ""));
    }

    @Test
    public void timeBeforeAScheduleWasKnown_isNotMadeUpFor_oneThatNobodyAskedForIs() {
        String schedule = "known " + type;
        var before = new Occurrence(schedule, System.currentTimeMillis() - 2_000, 0, true);
        assertThat(fires(one, before).mine()).isNull();
        due(one, schedule, 1_000, false);
        assertThat(due(two, schedule, 500, true).missed()).isTrue();
    }

    @Test
    public void intervals_thatNobodyAskedFor_areMadeUpFor_inTheirOrder() {
        var every = new Occurrence("often " + type, 0, 100, true);
        assertThat(fires(one, every).mine()).as("of a new one").isNull();
        one.hasNoClaimWithin(MOMENT);
        var times = new ArrayList<Long>();
        var last = fires(two, every).mine();
        for (; last != null && last.missed(); last = fires(two, every).mine()) {
            times.add(last.dueMillis());
        }
        assertThat(times).hasSizeGreaterThanOrEqualTo(2);
        assertThat(times)
                .isEqualTo(LongStream.range(0, times.size())
                        .mapToObj(i -> times.getFirst() + i * 100)
                        .toList());
        one.hasNoClaimWithin(MOMENT);
        var alone = Objects.requireNonNull(fires(one, every.alone()).mine());
        assertThat(alone.missed()).as("after a pause").isFalse();
    }

    @Test
    public void taskOfASchedule_isRefusedWhileTheOneBeforeRuns_butWaitsForItsTurnIfItWasMissed() {
        String schedule = "each " + type;
        kept(offer(one, first, due(one, schedule, 4_000, false)));
        Claim running = one.claim();
        refused(offer(one, first + 1, due(one, schedule, 3_000, false)));
        kept(offer(two, first + 2, due(two, schedule, 2_000, true)));
        kept(offer(one, first + 3, due(one, schedule, 1_000, false))); // after what was missed
        two.want(1).hasNoClaimWithin(MOMENT);
        kept(one.done(running.lease(), ""));
        Claim missed = two.handed();
        assertThat(missed.task().id()).isEqualTo(first + 2);
        kept(two.done(missed.lease(), ""));
        Claim next = two.claim();
        assertThat(next.task().id()).isEqualTo(first + 3);
        kept(offer(one, first + 4, due(one, schedule, 500, false))); // that one is late as well
        kept(two.done(next.lease(), ""));
        Claim last = two.claim();
        assertThat(last.task().id()).isEqualTo(first + 4);
        kept(two.done(last.lease(), ""));
        kept(offer(one, first + 5, due(one, schedule, 400, false)));
        refused(offer(one, first + 6, due(one, schedule, 300, false)));
        kept(two.done(two.claim().lease(), ""));
    }

    @Test
    public void whatWaitsForALateTaskOfItsSchedule_isRefusedIfThatRunsForSoLong() {
        String schedule = "long " + type;
        long now = System.currentTimeMillis();
        kept(offer(one, first, due(one, schedule, 4_000, false)));
        var soon = Objects.requireNonNull(
                fires(one, new Occurrence(schedule, now - 3_999, 0, true)).mine());
        Claim running = two.claim();
        kept(offer(one, first + 1, soon));
        kept(offer(one, first + 2, due(one, schedule, 1, true)));
        two.want(1).hasNoClaimWithin(MOMENT);
        kept(two.done(running.lease(), ""));
        Claim next = two.handed();
        assertThat(next.task().id()).isEqualTo(first + 2);
        var ends = List.of(one.ended(), one.ended());
        assertThat(ends).extracting(TaskQueue.Ended::outcome).containsExactlyInAnyOrder(Outcome.DONE, Outcome.REJECTED);
        kept(two.done(next.lease(), ""));
    }

    @Test
    public void withdrawn_doesNotRun() {
        offer(first, PLAIN);
        kept(one.append(new Entry.Withdrawn(first)));
        one.want(1).hasNoClaimWithin(MOMENT);
    }
}
