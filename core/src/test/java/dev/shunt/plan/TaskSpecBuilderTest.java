package dev.shunt.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Codec;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskSpecBuilderTest {

    private record Report(String day) {}

    private final TaskSpecBuilder tasks = new TaskSpecBuilder();

    private Submission submission(Schedule schedule) {
        var group = new Group(
                "task",
                Placement.IN_PROCESS,
                1,
                0,
                false,
                List.of(),
                Optional.of(tasks.build()),
                SlotHandler.NONE,
                SlotHandler.NONE);
        return new TaskTypes(List.of(group), Codec.json())
                .submission(schedule.task().get(), schedule.options());
    }

    @Test
    void schedule_submitsWhatTheSupplierSays_underAKeyOfItsName() {
        tasks.handle(Report.class, (_, _) -> {});
        tasks.schedule(
                "nightly", "0 3 * * *", ZoneOffset.UTC, TaskOptions.DEFAULT.retries(2), () -> new Report("today"));

        var schedule = tasks.build().schedules().getFirst();
        var submission = submission(schedule);

        assertThat(schedule.timing()).hasToString("0 3 * * * in Z");
        assertThat(submission.type()).isZero();
        assertThat(submission.options())
                .isEqualTo(TaskOptions.DEFAULT.retries(2).uniqueKey("schedule:nightly", Unique.Policy.DROP));
    }

    @Test
    void schedule_withAKeyOfItsOwn_keepsIt() {
        tasks.untyped(_ -> null);
        var options = TaskOptions.DEFAULT.uniqueKey("mine", Unique.Policy.REPLACE);
        tasks.schedule("beat", Duration.ofSeconds(1), options, () -> "tick");

        assertThat(submission(tasks.build().schedules().getFirst()).options()).isEqualTo(options);
    }

    @Test
    void badSchedules_areRefused_withTheirName() {
        tasks.schedule("beat", Duration.ofSeconds(1), TaskOptions.DEFAULT, () -> "tick");

        assertThatThrownBy(() ->
                        tasks.schedule("nightly", "61 3 * * *", ZoneId.of("UTC"), TaskOptions.DEFAULT, () -> "tick"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schedule 'nightly'")
                .hasMessageContaining("'61 3 * * *'")
                .hasMessageContaining("61 not in range [0, 59]");
        assertThatThrownBy(() -> tasks.schedule("never", Duration.ZERO, TaskOptions.DEFAULT, () -> "tick"))
                .hasMessageContaining("schedule 'never'")
                .hasMessageContaining("at least a millisecond");
        assertThatThrownBy(() -> tasks.schedule("beat", Duration.ofDays(1), TaskOptions.DEFAULT, () -> "tick"))
                .hasMessageContaining("'beat'")
                .hasMessageContaining("a name of its own");
    }

    @Test
    void maxRuns_isSpreadByHalf_ifItIsAboveTen() {
        tasks.untyped(_ -> null);
        tasks.maxRuns(10, -1);
        assertThat(tasks.build().maxRunsSpread()).isZero();
        tasks.maxRuns(100, -1);
        assertThat(tasks.build().maxRunsSpread()).isEqualTo(50);
        tasks.maxRuns(100, 7);
        assertThat(tasks.build().maxRunsSpread()).isEqualTo(7);
    }
}
