package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Web;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that their handlers read while they come, wherever handlers run; all heaps are far smaller than the bodies. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class WebStreamTest {

    private static final int PIECE = 1 << 20;
    private static final int PIECES = 200;

    /** Of heap, direct memory and all else, over what an idle process has. */
    private static final long MAX_GROWTH = 64 << 20;

    private static final String CHUNKED = " HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n";

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final String placement;

    WebStreamTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(
                Launch.of(Web.class, "--face", "server", "--placement", placement, "--largest", 1 << 30, "--count", 2)
                        .withOptions("-Xmx48m", "-XX:+ExitOnOutOfMemoryError"));
        program.port();
    }

    private static WebClient client() {
        return new WebClient(program);
    }

    private static void assertServes() {
        try (var client = client()) {
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void echo_answersEachPiece_beforeTheNextIsSent() {
        try (var client = client()) {
            client.send("POST /streamed/echo" + CHUNKED);
            for (int i = 0; i < 20; i++) {
                client.send("3\nab" + (char) ('a' + i) + "\n");
                if (i == 0) {
                    assertThat(client.answer(false).status()).isEqualTo(200);
                }
                assertThat(new String(client.chunk(), ISO_8859_1)).isEqualTo("ab" + (char) ('a' + i));
            }
            client.send("0\n\n");
            assertThat(client.chunk()).isEmpty();
            assertThat(client.line()).isEmpty();
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void upload_andDownloadAtOnce_arriveWhole_inLittleMemory() throws InterruptedException {
        var piece = new byte[PIECE];
        new Random(4711).nextBytes(piece);
        var sent = new CRC32();
        var memory = MemoryPeak.of(program);
        try (var client = client()) {
            client.send("POST /streamed/echo HTTP/1.1\nHost: x\nContent-Length: " + (long) PIECE * PIECES + "\n\n");
            var sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < PIECES; i++) {
                    client.raw().send(piece);
                    sent.update(piece);
                }
            });
            assertThat(client.answer(false).header("transfer-encoding")).isEqualTo("chunked");
            var received = new CRC32();
            long length = 0;
            for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
                received.update(chunk);
                length += chunk.length;
            }
            sender.join();
            assertThat(length).isEqualTo((long) PIECE * PIECES);
            assertThat(received.getValue()).isEqualTo(sent.getValue());
        }
        assertThat(memory.growth().values())
                .allSatisfy(bytes -> assertThat(bytes).isLessThan(MAX_GROWTH));
    }

    @Test
    void clientThatTakesNothing_isNotReadForLong() {
        try (var client = client()) {
            client.send("POST /streamed/echo HTTP/1.1\nHost: x\nContent-Length: 1000000000\n\n");
            long taken = client.raw().sendUntilStalled(new byte[64 << 10], 500 << 20, Duration.ofSeconds(1));
            assertThat(taken).isLessThan(100 << 20);
        }
        assertServes();
    }

    @Test
    void clientThatGoesAway_isMissedByItsHandler() {
        try (var client = client()) {
            client.send("POST /streamed/echo" + CHUNKED + "3\nabc\n");
            assertThat(client.answer(false).status()).isEqualTo(200);
            client.raw().reset();
        }
        program.awaitLine("^echo: ");
        assertServes();
        assertThat(program.lines()).noneMatch(line -> line.contains("handler") && line.contains("threw"));
    }

    @Test
    void bodyThatIsNone_is400_beforeTheAnswer_andTheEndBehindItsBeginning() {
        try (var client = client()) {
            client.send("POST /streamed/body" + CHUNKED + "3\nabc\nxyz\n");
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            client.send("POST /streamed/echo" + CHUNKED + "3\nabc\n");
            assertThat(client.answer(false).status()).isEqualTo(200);
            assertThat(client.chunk()).hasSize(3);
            client.send("xyz\n");
            assertThat(client.rest()).isEmpty();
        }
        assertServes();
    }

    @Test
    void bodyWithoutItsEnd_is400() {
        try (var client = client()) {
            client.send("POST /streamed/body HTTP/1.1\nHost: x\nContent-Length: 10\n\nabc");
            client.raw().closeOutput();
            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void answerBeforeTheBody_isTheLast() {
        try (var client = client()) {
            client.send("POST /streamed/refuse HTTP/1.1\nHost: x\nContent-Length: 1000000\n\nabc");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void expectation_isMet_whenTheHandlerReads() {
        String head = " HTTP/1.1\nHost: x\nContent-Length: 4\nExpect: 100-continue\n\n";
        try (var client = client()) {
            client.send("POST /streamed/body" + head);
            assertThat(client.answer().status()).isEqualTo(100);
            assertThat(client.send("body").answer().text()).isEqualTo("body");
            client.send("POST /streamed/refuse" + head);
            assertThat(client.answer().status()).isEqualTo(403);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, (1 << 20) + 1})
    void bodyInMemory_isNoLongerThanAMessage(int length) {
        try (var client = client()) {
            int expected = length > 1 << 20 ? 413 : 200;
            assertThat(client.post("/streamed/body", "b".repeat(length)).status())
                    .isEqualTo(expected);
        }
    }

    @Test
    void requestsBehindIt_waitForItsAnswer() {
        try (var client = client()) {
            String two = "POST /streamed/echo" + CHUNKED + "2\nhi\n0\n\n";
            client.send(two + two + "GET /hello HTTP/1.1\nHost: x\n\n");
            assertThat(client.answer().text()).isEqualTo("hi");
            assertThat(client.answer().text()).isEqualTo("hi");
            assertThat(client.answer().text()).isEqualTo("Hello World");
        }
    }

    @Test
    void form_isReadWhileItComes() {
        try (var client = client()) {
            String body = "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"
                    + "f".repeat(3 << 20) + "\r\n--xx--\r\n";
            assertThat(client.post("/streamed/form", body, "Content-Type: multipart/form-data; boundary=xx")
                            .text())
                    .contains("\"size\":" + (3 << 20));
        }
    }

    @Test
    void childThatEnds_isTold() {
        if (!placement.equals("children")) {
            return; // else it is the program that ends
        }
        try (var client = client()) {
            client.send("POST /streamed/exit HTTP/1.1\nHost: x\nContent-Length: 10000000\n\nabc");
            assertThat(client.answer().status()).isEqualTo(502);
            assertThat(client.rest()).isEmpty();
        }
        assertServes();
    }
}
