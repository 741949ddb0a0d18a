package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Messages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker that does not come to its messages: as many as may wait for it, more are refused, and none is lost. */
@Tag("processes")
class FullMailboxTest {

    private static final int MAX_MESSAGES = 10_000;
    private static final long MAX_BYTES = 64 << 20;

    /** What a child may have on its way to the manager, in bytes, and in the shortest messages. */
    private static final long ON_THE_WAY = 1 << 20;

    private static final long SHORT_ON_THE_WAY = ON_THE_WAY / 256;

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @CsvSource({
        "children, children, 8",
        "children, in_process, 8",
        "event_loop, children, 8",
        "children, children, 20000",
        "children, children, 100000"
    })
    void messages_forABusyWorker_areRefusedToTheirSender_whereverTheyAre(String sender, String receiver, int bytes) {
        try (var gate = new Gate()) {
            var program = programs.start(
                    Messages.class, "--sender", sender, "--receiver", receiver, "--gate", "" + gate.port());
            try (var client = new LineClient(program.port())) {
                client.send("hold");
                var busy = gate.await();
                long sent = Long.parseLong(client.ask("fill " + bytes).substring("sent ".length()));
                assertThat(sent).isLessThanOrEqualTo(MAX_MESSAGES + SHORT_ON_THE_WAY);
                assertThat(sent * bytes).isLessThanOrEqualTo(MAX_BYTES + 2 * ON_THE_WAY);
                assertThat(client.ask("fill " + bytes)).isEqualTo("sent " + sent);

                busy.release("");
                await().until(() -> client.ask("end"), "sent"::equals);
                program.awaitLine("read " + sent + "$");
            }
        }
    }
}
