package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What has ended is forgotten, long before its times would have come. */
class DispatcherMemoryTest {

    private static final int MANY = 100_000;

    /** Lines and the alarms may keep this many of what has ended, each. */
    private static final int FEW = 70;

    private static final Duration LONG = Duration.ofDays(30);

    private static final TaskOptions TIMES = TaskOptions.DEFAULT.deadline(LONG).timeout(LONG);

    private final Stage stage = Stage.of(
            new DispatcherOptions(
                    2 * MANY,
                    Stage.GRACE,
                    0,
                    0,
                    Stage.rated(new RateLimit(1, LONG)).rates()),
            1);

    @Test
    void cancelledWhileDelayed_leaveNothing() {
        cancelAll(TaskOptions.DEFAULT.delay(LONG).deadline(LONG), -1);
    }

    @Test
    void cancelledWhileReady_leaveNothing() {
        cancelAll(TIMES, -1);
    }

    @Test
    void cancelledBehindAnOrderingKey_leaveNothing() {
        cancelAll(TIMES.orderingKey("k"), -1);
    }

    @Test
    void cancelledBehindAUniqueKey_leaveNothing() {
        cancelAll(TIMES.uniqueKey("k", Policy.JOIN), -1);
        assertThat(stage.work("running").joined()).hasSizeLessThan(FEW);
    }

    @Test
    void cancelledBehindARate_leaveNothing() {
        cancelAll(TIMES, 0);
    }

    @Test
    void cancelledBehindASlot_leaveNothing() {
        cancelAll(TIMES.slot(0), -1);
    }

    @Test
    void replacedAgainAndAgain_leaveNothing() {
        stage.submit("running", TIMES.uniqueKey("k"));
        for (int i = 0; i < MANY; i++) {
            stage.submit(Work.task("t" + i, RunPolicy.of(TIMES.uniqueKey("k", Policy.REPLACE), false, 0, 0)));
        }
        leavesNothing(2);
    }

    @Test
    void timedOut_leaveNothing() {
        stage.submit("running");
        works(TaskOptions.DEFAULT.deadline(Duration.ofSeconds(1)), -1).forEach(stage.dispatcher::submit);
        stage.pass(Duration.ofSeconds(1));
        leavesNothing(1);
    }

    @Test
    void done_leaveNothing() {
        for (int i = 0; i < MANY; i++) {
            stage.dispatcher.submit(
                    Work.task("t", RunPolicy.of(TIMES.orderingKey("o" + i).uniqueKey("u" + i), false, 0, 0)));
            stage.doneQuickly("t");
            stage.effects.given.clear();
        }
        leavesNothing(0);
    }

    @Test
    void stopped_leaveNothing() {
        stage.submit("running");
        works(TIMES.delay(LONG), -1).forEach(stage.dispatcher::submit);
        stage.dispatcher.stop("stopping");
        leavesNothing(1);
    }

    private static List<Work<String>> works(TaskOptions options, int type) {
        var policy = RunPolicy.of(options, false, 0, 0);
        return IntStream.range(0, MANY)
                .mapToObj(i -> Work.task("t" + i, policy, type, 0))
                .toList();
    }

    private void cancelAll(TaskOptions options, int type) {
        boolean isPlain = options.unique().isEmpty() && options.slot().isEmpty();
        stage.submit("running", isPlain ? TIMES.orderingKey("k") : options, 0);
        var works = works(options, type);
        works.forEach(stage.dispatcher::submit);
        assertThat(stage.dispatcher.queued()).isEqualTo(MANY);
        works.forEach(stage.dispatcher::cancel);
        leavesNothing(1);
    }

    /** But for so many that live on. */
    private void leavesNothing(int live) {
        var sizes = stage.dispatcher.sizes();
        assertThat(sizes).containsEntry("live", live).containsEntry("ready", 0).containsEntry("rateLimited", 0);
        assertThat(sizes)
                .containsEntry("at places", 0)
                .containsEntry("joined", 0)
                .containsEntry("delayed", 0);
        assertThat(sizes)
                .hasEntrySatisfying("alarms", alarms -> assertThat(alarms).isLessThan(FEW));
        assertThat(sizes)
                .hasEntrySatisfying("unique keys", keys -> assertThat(keys).isLessThanOrEqualTo(1));
        assertThat(sizes)
                .hasEntrySatisfying("ordering keys", keys -> assertThat(keys).isLessThanOrEqualTo(1));
    }
}
