package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("processes")
class SignalsTest {

    /** As the programs of one JVM, of which any may end first. */
    @Test
    void signal_goesToAllWhoHaveAsked_untilTheyClose() throws Exception {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        var ofFirst = Signals.on("WINCH", first::incrementAndGet);
        try (var ofSecond = Signals.on("WINCH", second::incrementAndGet)) {
            assertThat(ofSecond).isNotSameAs(ofFirst);
            raise();
            await().until(() -> first.get() == 1 && second.get() == 1);
            ofFirst.close();
            raise();
            await().until(() -> second.get() == 2);
            assertThat(first).hasValue(1);
        }
        raise(); // nothing, as before
        assertThat(second).hasValue(2);
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
