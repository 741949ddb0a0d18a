package dev.shunt.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Ours;
import dev.shunt.benchmarks.netty.NettyEcho;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void uncheckedException_isTheFailureOfOneContender() throws InterruptedException {
        var calls = new AtomicInteger();
        Measurement first = (_, _) -> {
            if (calls.getAndIncrement() == 0) {
                throw new NumberFormatException("no number");
            }
            return Map.of("replies_per_second", 1.0);
        };
        var contenders = List.<Contender>of(Ours.of("one", NettyEcho.class), Ours.of("other", NettyEcho.class));
        var rounds =
                new Rounds(new Case("echo", Map.of(), Speech.LINES, contenders, first), Effort.QUICK, new Processes());

        assertThat(rounds.run())
                .singleElement()
                .satisfies(result -> assertThat(result.contender()).isEqualTo("other"));
        assertThat(rounds.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.contender()).isEqualTo("one");
            assertThat(failure.reason()).contains("NumberFormatException", "no number");
        });
    }
}
