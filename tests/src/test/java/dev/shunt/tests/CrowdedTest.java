package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Crowded;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More than there is memory or descriptors for: who takes too much of it is cut off, and nobody else notices. */
@Tag("processes")
@Tag("alone")
class CrowdedTest {

    private static final int LINES = 0;
    private static final int CROWD = 1;
    private static final int LARGE = 9 << 20;

    @RegisterExtension
    static final Programs programs = new Programs();

    private static Program start(String heap, Object... arguments) {
        return programs.start(Launch.of(Crowded.class, arguments).withOptions("-Xmx" + heap, "-DLOG_LEVEL=info"));
    }

    @Test
    void halfMessages_beyondTheBudget_costTheirOwnConnections_clientsAndTasksGoOn() {
        var program = start("128m");
        try (var witness = new LineClient(program.port(LINES));
                var good = WebSocketBytes.open(program.port(CROWD))) {
            String first = pidOf(witness.ask("before"));
            var crowd = new ArrayList<WebSocketBytes>();
            for (int i = 0; i < 40; i++) {
                var client = WebSocketBytes.open(program.port(CROWD));
                crowd.add(client);
                sendWhatItTakes(client.raw(), head(0x81, LARGE));
                sendWhatItTakes(client.raw(), text(8 << 20));
                assertThat(witness.ask("task " + i)).isEqualTo(first + " task " + i);
            }
            good.sendRaw(message(0x82, new byte[1_000]));
            assertThat(good.read().text()).isEqualTo("got 1000");
            assertThat(witness.ask("stats")).doesNotContain("evicted=0");
            program.awaitLine("connection \\d+ from 127.*is cut: it held \\d+ bytes, more than any other");
            assertThat(program.lines()).noneMatch(line -> line.contains("OutOf"));
            assertThat(program.errors()).noneMatch(line -> line.contains("OutOf"));
            crowd.forEach(WebSocketBytes::close);
        }
    }

    /** 10 KB each, and 10 MB when they are inflated. */
    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process", "children"})
    void compressedMessages_areInflatedWhenThereIsRoom_andAllAreAnswered(String placement) {
        var program = start("160m", "--placement", placement);
        byte[] bomb = message(0xc2, deflated(new byte[LARGE]));
        try (var witness = new LineClient(program.port(LINES))) {
            var crowd = new ArrayList<WebSocketBytes>();
            for (int i = 0; i < 40; i++) {
                crowd.add(WebSocketBytes.open(program.port(CROWD), "Sec-WebSocket-Extensions: permessage-deflate"));
            }
            crowd.forEach(client -> client.sendRaw(bomb));
            assertThat(witness.ask("meanwhile")).endsWith("meanwhile");
            assertThat(crowd)
                    .allSatisfy(client -> assertThat(client.read().text()).isEqualTo("got " + LARGE));
            assertThat(witness.ask("stats")).contains("evicted=0");
            crowd.forEach(WebSocketBytes::close);
        }
    }

    @Test
    void slowSender_isCutInTime_andNamed() {
        var program = start("64m", "--message-timeout", 1);
        try (var client = WebSocketBytes.open(program.port(CROWD))) {
            client.sendRaw(Arrays.copyOf(message(0x81, new byte[100]), 50));
            client.raw().awaitClose();
            program.awaitLine("is cut: a message of which 44 bytes have come is not whole after 1000 ms");
        }
    }

    @Test
    void moreThanMaxConnections_areClosedAtOnce_untilThereIsRoom() {
        var program = start("64m", "--max-connections", 3);
        try (var witness = new LineClient(program.port(LINES))) {
            var crowd = new ArrayList<WebSocketBytes>();
            for (int i = 0; i < 3; i++) {
                crowd.add(WebSocketBytes.open(program.port(CROWD)));
            }
            try (var refused = new RawClient(program.port(CROWD))) {
                assertThat(refused.awaitClose()).isEmpty();
            }
            program.awaitLine("new connection\\(s\\) closed at once: 3 are open \\(maxConnections\\)");
            assertThat(witness.ask("stats")).contains("refused=1");
            crowd.removeFirst().close();
            await().untilAsserted(() -> {
                try (var next = new RawClient(program.port(CROWD))) {
                    next.send(WebSocketBytes.request().getBytes(UTF_8));
                    assertThat(next.read()).isEqualTo('H');
                }
            });
            crowd.forEach(WebSocketBytes::close);
        }
    }

    @Test
    void noDescriptorsForMoreClients_aKilledChildIsReplacedAllTheSame() {
        int descriptors = 256;
        var program = programs.start(Launch.of(Crowded.class)
                .withOptions("-Xmx96m", "-DLOG_LEVEL=info")
                .withDescriptors(descriptors));
        try (var witness = new LineClient(program.port(LINES))) {
            String first = pidOf(witness.ask("before"));
            var crowd = crowd(program, descriptors + 50);
            program.awaitLine("closed at once: of 256 file descriptors \\(ulimit -n\\)");
            for (int i = 0; i < 3; i++) {
                String before = pidOf(witness.ask("before"));
                Signals.send("KILL", Long.parseLong(before));
                String after = witness.ask("after");
                assertThat(after).endsWith(" after").doesNotStartWith(before).doesNotStartWith(first);
                crowd.addAll(crowd(program, 20));
            }
            assertThat(witness.ask("stats")).doesNotContain("refused=0");
            crowd.forEach(RawClient::close);
            await().untilAsserted(() -> {
                try (var next = new RawClient(program.port(CROWD))) {
                    next.send(WebSocketBytes.request().getBytes(UTF_8));
                    assertThat(next.read()).isEqualTo('H');
                }
            });
        }
    }

    private static String pidOf(String answer) {
        return answer.substring(0, answer.indexOf(' '));
    }

    private static List<RawClient> crowd(Program program, int count) {
        var crowd = new ArrayList<RawClient>();
        for (int i = 0; i < count; i++) {
            crowd.add(new RawClient(program.port(CROWD)));
        }
        return crowd;
    }

    private static byte[] message(int first, byte[] payload) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(head(first, payload.length));
        message.writeBytes(payload);
        return message.toByteArray();
    }

    private static byte[] head(int first, int length) {
        var head = ByteBuffer.allocate(14).put((byte) first);
        if (length < 126) {
            head.put((byte) (0x80 | length));
        } else if (length < 65_536) {
            head.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            head.put((byte) (0x80 | 127)).putLong(length);
        }
        head.putInt(0);
        return Arrays.copyOf(head.array(), head.position());
    }

    private static byte[] text(int length) {
        var text = new byte[length];
        Arrays.fill(text, (byte) 'x');
        return text;
    }

    private static byte[] deflated(byte[] message) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(message);
        var deflated = new byte[message.length];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(deflated, length - 4);
    }

    /** It may have been cut meanwhile. */
    private static void sendWhatItTakes(RawClient client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException e) {
            IO.println("cut while sending: " + e);
        }
    }
}
