package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.Interest;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Of each task the latest progress waits, however much of it there is. */
class ProgressMailTest {

    private static final Origin.InChild ASKER = new Origin.InChild(0, 0, 1, 0, Interest.HANDLE);

    private final Queue<Runnable> scheduled = new ArrayDeque<>();
    private final Queue<Runnable> onTheirWay = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private boolean behind;

    private final ProgressMail mail = new ProgressMail(
            new ProgressMail.Children() {
                @Override
                public boolean isBehind(Origin.InChild asker) {
                    return behind;
                }

                @Override
                public void tell(Origin.InChild asker, long taskId, Data progress, Runnable done) {
                    told.add(taskId + " " + progress.text());
                    onTheirWay.add(done);
                }
            },
            new Stepped());

    private final class Stepped implements Loop {

        @Override
        public void execute(Runnable command) {
            scheduled.add(command);
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            scheduled.add(command);
            return new CompletableFuture<Void>();
        }

        @Override
        public long turn() {
            return 0;
        }

        @Override
        public void atEndOfTurn(Runnable command) {
            scheduled.add(command);
        }
    }

    private void progressed(long taskId, String text) {
        mail.progressed(ASKER, taskId, Data.of(text));
    }

    @Test
    void progress_whileTheOneBeforeIsOnItsWay_isTheLatestAlone() {
        for (int i = 0; i < 1_000; i++) {
            progressed(1, "a" + i);
        }
        progressed(2, "b");
        assertThat(told).containsExactly("1 a0", "2 b");

        onTheirWay.remove().run();
        assertThat(told).containsExactly("1 a0", "2 b", "1 a999");
    }

    @Test
    void progress_ofAChildThatIsBehind_isTheLatestAlone_onceItHasRead() {
        behind = true;
        for (int i = 0; i < 1_000; i++) {
            progressed(1, "a" + i);
        }
        assertThat(scheduled).hasSize(1);
        scheduled.remove().run();
        assertThat(told).isEmpty();

        behind = false;
        scheduled.remove().run();
        assertThat(told).containsExactly("1 a999");
        assertThat(scheduled).isEmpty();
    }

    @Test
    void end_isToldBehindTheLatestProgress() {
        behind = true;
        progressed(1, "last");
        mail.tellNow(1);
        assertThat(told).containsExactly("1 last");

        mail.tellNow(1);
        scheduled.remove().run();
        assertThat(told).hasSize(1);
    }
}
