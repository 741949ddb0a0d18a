package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.engine.LoopWatch;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LoopTurnTest {

    /** Has turns when it is told to. */
    private static final class TurningLoop implements Loop {

        private final Deque<Runnable> atEnd = new ArrayDeque<>();
        private long turn;

        void nextTurn() {
            for (var next = atEnd.poll(); next != null; next = atEnd.poll()) {
                next.run();
            }
            turn++;
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long turn() {
            return turn;
        }

        @Override
        public void atEndOfTurn(Runnable command) {
            atEnd.add(command);
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            return new CompletableFuture<>();
        }
    }

    /** Counts how often it is read. */
    private static final class CountingClock implements Clock {

        private long nanos;
        private int readings;

        @Override
        public long nanoTime() {
            readings++;
            return nanos;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    }

    private final TurningLoop loop = new TurningLoop();
    private final CountingClock clock = new CountingClock();
    private final LoopTurn turn = new LoopTurn(loop, new LoopWatch(clock));

    private static void nothing() {}

    private void callback(Duration takes) {
        assertThat(turn.isOver()).isFalse();
        turn.begins();
        clock.nanos += takes.toNanos();
        turn.ended(LoopTurnTest::nothing);
    }

    @Test
    void shortCallbacks_areTimedTogether() {
        for (int i = 0; i < 1 + 2 + 4 + 8 + 8; i++) {
            callback(Duration.ofNanos(100));
        }
        assertThat(clock.readings)
                .as("one at the beginning, and one after each lot")
                .isEqualTo(6);
        assertThat(turn.isOver()).isFalse();
    }

    @Test
    void callbacksThatTakeLong_areTimedAlone_andEndTheTurn() {
        callback(Duration.ofNanos(100));
        callback(Duration.ofNanos(100));
        callback(Duration.ofMillis(1)); // with the one before it
        callback(Duration.ofMillis(1)); // alone
        assertThat(turn.isOver()).isTrue();
        assertThat(clock.readings).isEqualTo(4);
        loop.nextTurn();
        assertThat(turn.isOver()).isFalse();
    }

    @Test
    void endOfTurn_timesWhatIsLeft_andNotTheTimeUntilTheNext() {
        callback(Duration.ofNanos(100));
        callback(Duration.ofNanos(100)); // one of two
        loop.nextTurn();
        assertThat(clock.readings).isEqualTo(3);
        clock.nanos += Duration.ofHours(1).toNanos();
        callback(Duration.ofNanos(100));
        assertThat(turn.isOver()).isFalse();
    }

    @Test
    void callbackOfWhatAHandlerHasDone_isPartOfTheHandler() {
        var slot = new LoopSlot(loop, new LoopWatch(clock), turn);
        slot.handle(() -> {
            slot.run(LoopTurnTest::nothing);
            clock.nanos += Duration.ofSeconds(1).toNanos();
        });
        loop.nextTurn();
        assertThat(clock.readings).isZero();
    }

    @Test
    void whatIsNoCallback_isNotCounted() {
        callback(Duration.ofNanos(100));
        turn.interrupted();
        clock.nanos += Duration.ofSeconds(1).toNanos();
        callback(Duration.ofNanos(100));
        callback(Duration.ofNanos(100));
        assertThat(turn.isOver()).isFalse();
    }
}
