package dev.shunt.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();

    /** Where actions are to run; nothing runs until the test takes it. */
    private final BlockingQueue<Runnable> slot = new LinkedBlockingQueue<>();

    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        timers.close();
    }

    private void runNext() throws InterruptedException {
        Runnable due = slot.poll(60, TimeUnit.SECONDS);
        assertThat(due).isNotNull();
        due.run();
    }

    @Test
    void once_runsOnce_andIsForgotten() throws InterruptedException {
        long id = timers.schedule(slot::add, Duration.ZERO, false, runs::incrementAndGet);
        runNext();

        assertThat(runs).hasValue(1);
        assertThat(timers.cancel(id)).isFalse();
    }

    @Test
    void repeated_runsAgain_untilCancelled() throws InterruptedException {
        long id = timers.schedule(slot::add, Duration.ofMillis(1), true, runs::incrementAndGet);
        runNext();
        runNext();

        assertThat(runs).hasValue(2);
        assertThat(timers.cancel(id)).isTrue();
        assertThat(timers.cancel(id)).isFalse();
    }

    @Test
    void cancelled_afterItWasHandedOver_doesNotRun() throws InterruptedException {
        long id = timers.schedule(slot::add, Duration.ZERO, false, runs::incrementAndGet);
        Runnable due = slot.poll(60, TimeUnit.SECONDS);
        timers.cancel(id);
        assertThat(due).isNotNull();
        due.run();

        assertThat(runs).hasValue(0);
    }

    @Test
    void late_isNotMadeUpFor() throws InterruptedException {
        var ticks = new CountDownLatch(50);
        timers.schedule(Runnable::run, Duration.ofMillis(1), true, ticks::countDown);
        timers.schedule(slot::add, Duration.ofMillis(1), true, runs::incrementAndGet);
        assertThat(ticks.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(slot).as("only one run waits, however long its slot is busy").hasSize(1);
    }

    @Test
    void stopped_nothingGoesOffAnyMore_norWhatIsSetAfterwards() throws InterruptedException {
        timers.schedule(slot::add, Duration.ZERO, false, runs::incrementAndGet);
        Runnable due = slot.poll(60, TimeUnit.SECONDS);
        long ticking = timers.schedule(slot::add, Duration.ofMillis(1), true, runs::incrementAndGet);
        timers.stop();
        long late = timers.schedule(slot::add, Duration.ZERO, false, runs::incrementAndGet);
        assertThat(timers.cancel(ticking)).isFalse();
        assertThat(timers.cancel(late)).isFalse();
        assertThat(due).isNotNull();
        due.run();
        assertThat(runs).hasValue(0);
    }

    @Test
    void throwingAction_runsAgain() throws InterruptedException {
        timers.schedule(slot::add, Duration.ofMillis(1), true, () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("on purpose");
        });
        for (int i = 0; i < 2; i++) {
            try {
                runNext();
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("on purpose");
            }
        }
        assertThat(runs).hasValue(2);
    }
}
