package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("processes")
class SignalsTest {

    @Test
    void handler_runsUntilItIsClosed_thenTheOneBefore() throws Exception {
        var outer = new AtomicInteger();
        var inner = new AtomicInteger();
        try (var first = Signals.on("WINCH", outer::incrementAndGet)) {
            try (var second = Signals.on("WINCH", inner::incrementAndGet)) {
                assertThat(first).isNotSameAs(second);
                raise();
                await().until(() -> inner.get() == 1);
            }
            raise();
            await().until(() -> outer.get() == 1);
            assertThat(inner).hasValue(1);
        }
        raise(); // nothing, as before
        assertThat(outer).hasValue(1);
    }

    @Test
    void signalThatCannotBeHandled_isIgnored() {
        Signals.on("NOSUCH", () -> {}).close();
        Signals.on("KILL", () -> {}).close();
        Signals.on("SEGV", () -> {}).close();
    }

    private static void raise() throws IOException, InterruptedException {
        var kill = new ProcessBuilder(
                        "kill", "-WINCH", Long.toString(ProcessHandle.current().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
