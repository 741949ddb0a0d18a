package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.TaskOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DispatcherCountsTest {

    private final Stage stage = Stage.of(1, 1);

    @Test
    void counts_ofNothing() {
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(0, 0, 0, 0, 2, 0));
    }

    @Test
    void counts_ofWhatRunsAndWhatWaits() {
        for (String name : new String[] {"a", "b", "c", "d", "e"}) {
            stage.submit(name);
        }
        stage.submit("later", TaskOptions.DEFAULT.delay(SECOND));
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(4, 1, 3, 2, 0, 0));
        stage.pass(SECOND);
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(4, 0, 4, 2, 0, 0));
    }

    @Test
    void delayed_isForgotten_whenItIsCancelledBefore() {
        stage.submit("later", TaskOptions.DEFAULT.delay(SECOND));
        stage.cancel("later");
        assertThat(stage.dispatcher.counts().delayed()).isZero();
        stage.pass(SECOND);
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(0, 0, 0, 0, 2, 0));
    }

    @Test
    void delayed_countsWhatWaitsForItsNextAttempt() {
        stage.submit("again", TaskOptions.DEFAULT.retries(1).backoff(SECOND));
        stage.failed("again");
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(1, 1, 0, 0, 2, 1));
        stage.pass(SECOND.plus(Duration.ofMillis(1)));
        assertThat(stage.dispatcher.counts()).isEqualTo(new DispatcherCounts(0, 0, 0, 1, 1, 1));
    }

    @Test
    void counts_areOfTheirTime() {
        var before = stage.dispatcher.counts();
        stage.submit("a");
        assertThat(before.running()).isZero();
    }
}
