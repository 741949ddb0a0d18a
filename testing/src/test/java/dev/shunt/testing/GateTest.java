package dev.shunt.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateTest {

    private static CompletableFuture<String> visit(Gate gate, String who) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Gate.pass(gate.port(), who);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    @Test
    void visitor_standsStill_untilReleasedWithAnAnswer() {
        try (var gate = new Gate()) {
            var visit = visit(gate, "one");
            var visitor = gate.await();
            assertThat(visitor.who()).isEqualTo("one");
            assertThat(visit).isNotDone();
            visitor.release("go on");
            assertThat(visit.join()).isEqualTo("go on");
        }
    }

    @Test
    void visitors_areAwaitedTogether() {
        try (var gate = new Gate()) {
            var visits = IntStream.range(0, 50)
                    .mapToObj(i -> visit(gate, "visitor " + i))
                    .toList();
            assertThat(gate.await(50)).extracting(Visitor::who).doesNotHaveDuplicates();
            assertThat(gate.waiting()).isZero();
            assertThat(visits).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void closedGate_sendsItsVisitorsAway() {
        var gate = new Gate();
        var visit = visit(gate, "one");
        gate.await().close();
        assertThatThrownBy(visit::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("closed before one was released");
        gate.close();
    }
}
