package dev.shunt.engine.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.ipc.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendWindowTest {

    private final List<Frame> told = new ArrayList<>();
    private final SendWindow window = new SendWindow(7, 1_000, new Manager(), Duration.ofMillis(1));

    private final class Manager implements ManagerLink {

        @Override
        public void tell(Frame.FromChild frame) {
            told.add(frame);
        }

        @Override
        public void tellWithNext(Frame.FromChild frame) {
            told.add(frame);
        }

        @Override
        public void recall() {
            whenRecalled.run();
        }
    }

    private Runnable whenRecalled = () -> {};

    @Test
    void eachQuarter_asks_andWhatIsTakenMakesRoom() {
        for (int i = 0; i < 10; i++) {
            assertThat(window.isOpen()).isTrue();
            window.sent(100);
        }
        assertThat(told)
                .containsExactly(
                        new Frame.Sent(7, 300, false), new Frame.Sent(7, 600, false), new Frame.Sent(7, 900, false));

        window.taken(new Frame.Taken(7, 300, false));
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void refusal_isToldOnce_untilItIsAnswered() {
        window.sent(1_000);
        told.clear();
        assertThat(window.isOpen()).isFalse();
        assertThat(window.isOpen()).isFalse();
        assertThat(told).containsExactly(new Frame.Sent(7, 1_000, true));

        window.taken(new Frame.Taken(7, 1_000, true));
        assertThat(window.isOpen()).isTrue();
        window.sent(2_000);
        told.clear();
        assertThat(window.isOpen()).isFalse();
        assertThat(told).containsExactly(new Frame.Sent(7, 3_000, true));
    }

    @Test
    void full_waitsForTheAnswer_andWhetherTooMuchWaitsThere() {
        window.sent(1_000);
        told.clear();
        whenRecalled = () -> window.taken(new Frame.Taken(7, 1_000, false));
        assertThat(window.isOpen()).isTrue();
        window.sent(1_000);
        told.clear();
        whenRecalled = () -> window.congested(true);
        assertThat(window.isOpen()).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void congested_isClosed_whateverIsTaken() {
        window.congested(true);
        assertThat(window.isOpen()).isFalse();
        window.congested(false);
        assertThat(window.isOpen()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void emptyMessages_countAsWell() {
        for (int i = 0; i < 1_000; i++) {
            window.sent(0);
        }
        assertThat(window.isOpen()).isFalse();
    }
}
