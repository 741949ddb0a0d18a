package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.Interest;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ElsewhereTest {

    /** One that is held up. */
    private static final class HeldUp implements Loop {

        private final Deque<Runnable> commands = new ArrayDeque<>();

        void goOn() {
            for (Runnable next = commands.poll(); next != null; next = commands.poll()) {
                next.run();
            }
        }

        @Override
        public void execute(Runnable command) {
            commands.add(command);
        }

        @Override
        public boolean inLoop() {
            return false;
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            commands.add(command);
            return new CompletableFuture<Void>();
        }

        @Override
        public long turn() {
            return 0;
        }

        @Override
        public void atEndOfTurn(Runnable command) {
            commands.add(command);
        }
    }

    private final HeldUp loop = new HeldUp();
    private final List<Long> accepted = new ArrayList<>();
    private final List<TaskItem> refused = new ArrayList<>();
    private final Elsewhere elsewhere = new Elsewhere(loop, 10_000, (task, _) -> accepted.add(task.id()), refused::add);

    private static TaskItem task(long id, int bytes) {
        var submission = Submission.untyped(Data.of(new byte[bytes]), TaskOptions.DEFAULT.context("mine"));
        var origin = new Origin.Here(Runnable::run, _ -> {}, Interest.END);
        return new TaskItem(id, submission, 0, origin, 0, 0, false, false);
    }

    @Test
    void submit_whileTheLoopIsHeldUp_isBoundedInBytes_andNothingIsLost() {
        for (long id = 0; id < 5; id++) {
            elsewhere.submit(task(id, 4_000), null);
        }
        loop.goOn();
        elsewhere.submit(task(5, 4_000), null);
        loop.goOn();

        assertThat(accepted).containsExactly(0L, 1L, 5L);
        assertThat(refused).extracting(TaskItem::id).containsExactly(2L, 3L, 4L);
        assertThat(refused).allSatisfy(task -> {
            assertThat(task.data().size()).isZero();
            assertThat(task.options().context().text()).isEqualTo("mine");
        });
    }

    @Test
    void submit_ofMoreThanMayBeRefusedLater_throws_andNothingElseIsLost() {
        elsewhere.submit(task(0, 9_000), null);
        int told = 0;
        try {
            for (long id = 1; id < 1_000; id++) {
                elsewhere.submit(task(id, 2_000), null);
                told++;
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("held up").hasMessageContaining("10000 bytes");
        }
        loop.goOn();
        elsewhere.submit(task(1_000, 9_000), null);
        loop.goOn();

        assertThat(told).isBetween(10, 50);
        assertThat(refused).hasSize(told);
        assertThat(accepted).containsExactly(0L, 1_000L);
    }

    @Test
    void submit_oneAlone_mayHaveMore() {
        elsewhere.submit(task(0, 100_000), null);
        elsewhere.submit(task(1, 1), null);
        loop.goOn();

        assertThat(accepted).containsExactly(0L);
        assertThat(refused).hasSize(1);
    }

    @Test
    void submit_ofOneWhoWaitsForRoom_isNeverRefused() {
        elsewhere.submit(task(0, 9_000), null);
        elsewhere.submit(task(1, 9_000), () -> {});
        loop.goOn();

        assertThat(accepted).containsExactly(0L, 1L);
    }
}
