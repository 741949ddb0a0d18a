package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.Inspection;
import dev.shunt.data.Codec;
import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Steered;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /api/v1/events} tells, to how many. */
@Tag("processes")
class ControlStreamsTest {

    private static final int MOST = 32;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private Program program;
    private ControlSocket control;

    @BeforeEach
    void start() {
        program = programs.start(Steered.class, "--run-dir", directory.resolve("run"));
        assertThat(program.port()).isPositive();
        control = new ControlSocket(directory.resolve("run/control"));
    }

    /** Lines of a stream that a test has opened. */
    private record Stream(SocketChannel channel, BufferedReader lines) implements AutoCloseable {

        static Stream of(ControlSocket control) throws IOException {
            var channel = control.stream("/api/v1/events");
            return new Stream(channel, new BufferedReader(Channels.newReader(channel, UTF_8)));
        }

        boolean isServed() throws IOException {
            return lines.readLine().contains(" 200 ");
        }

        String next(String prefix) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length());
                }
            }
            throw new AssertionError("the stream has ended");
        }

        /** The data of the next of these events. */
        String event(String name) throws IOException {
            while (!next("event: ").equals(name)) {
                // another one
            }
            return next("data: ");
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void stream_tellsHowItGoes_andWhatIsDone() throws IOException {
        try (var stream = Stream.of(control)) {
            assertThat(stream.next("event: ")).isEqualTo("status");
            var status = stream.next("data: ").getBytes(UTF_8);
            assertThat(Codec.readableJson().decode(status, Inspection.class).program())
                    .isEqualTo("steered");
            control.post("/api/v1/groups/task/pause", "", "X-Shunt-Actor: ann");
            assertThat(stream.event("audit")).contains("\"actor\":\"ann\"", "\"action\":\"pause\"", "group task");
        }
    }

    @Test
    void loopThatIsHeldUp_isToldOf_andItsEnd() throws IOException {
        try (var stream = Stream.of(control);
                var gate = new Gate();
                var client = new LineClient(program.port())) {
            client.send("hold " + gate.port());
            var held = gate.await();
            assertThat(stream.event("problem")).contains("the main loop has not answered for ");
            assertThat(stream.event("problem")).contains("the main loop has not answered for ");
            assertThat(control.get("/api/v1/health/live").as(dev.shunt.control.Health.class))
                    .isNotNull();
            held.release("");
            assertThat(stream.event("status")).contains("\"state\":\"running\"");
        }
    }

    @Test
    void oneStreamTooMany_isRefused_untilOneIsClosed() throws IOException {
        var open = new ArrayList<Stream>();
        try {
            for (int i = 0; i < MOST; i++) {
                open.add(Stream.of(control));
                assertThat(open.getLast().isServed()).isTrue();
            }
            var refused = control.get("/api/v1/events");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).contains(MOST + " streams are open already");
            assertThat(control.get("/api/v1/status").status()).isEqualTo(200);
            open.removeFirst().close();
            await().until(() -> {
                try (var another = Stream.of(control)) {
                    return another.isServed();
                }
            });
        } finally {
            for (var stream : open) {
                stream.close();
            }
        }
    }
}
