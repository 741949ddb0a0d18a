package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.fatal.FatalErrors;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loop that ends, in a process of its own: without it sockets would be accepted by the kernel and never answered. */
@Tag("processes")
class LoopEndTest {

    private record Ended(int status, String output) {}

    private static Ended run(String how) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingLoop.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void loopThatFails_endsTheProcess_andSaysSo() throws Exception {
        var ended = run("failing");
        assertThat(ended.status()).as(ended.output()).isEqualTo(FatalErrors.STATUS);
        assertThat(ended.output()).contains("thread doomed-1 has died, and the program cannot go on without it");
    }

    @Test
    void loopThatIsClosed_endsNothing() throws Exception {
        var ended = run("closed");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("closed").doesNotContain("has died");
    }
}
