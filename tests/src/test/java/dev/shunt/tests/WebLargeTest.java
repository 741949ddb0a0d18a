package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Web;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are larger than the heaps of all processes together: 48 MiB for the manager, 64 for a child. */
@Tag("processes")
@TestMethodOrder(OrderAnnotation.class)
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class WebLargeTest {

    private static final int PIECE = 1 << 20;
    private static final int PIECES = 200;

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final String placement;

    WebLargeTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program =
                programs.start(Launch.of(Web.class, "--face", "server", "--placement", placement, "--largest", 1 << 30)
                        .withOptions("-Xmx48m", "-XX:+ExitOnOutOfMemoryError"));
        program.port();
    }

    @Test
    void upload_andTheAnswerThatIsAsLarge_arriveWhole_andTheFileIsGone() {
        assertThat(placement).isNotEmpty();
        var piece = new byte[PIECE];
        new Random(4711).nextBytes(piece);
        var expected = new CRC32();
        try (var client = new WebClient(program)) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: " + (long) PIECE * PIECES + "\n\n");
            for (int i = 0; i < PIECES; i++) {
                client.raw().send(piece);
                expected.update(piece);
            }
            assertThat(client.answer(false).header("content-length")).isEqualTo(Long.toString((long) PIECE * PIECES));
            assertThat(crc(client.raw())).isEqualTo(expected.getValue());
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
        await().untilAsserted(() -> assertThat(bodies()).isZero());
    }

    @Test
    void formWithAFile_isReadPieceByPiece() {
        String begin = "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
        String end = "\r\n--xx--\r\n";
        long length = begin.length() + (long) PIECE * PIECES + end.length();
        try (var client = new WebClient(program)) {
            client.send(
                    "POST /upload HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=xx\nContent-Length: "
                            + length + "\n\n");
            client.raw().send(begin.getBytes(UTF_8));
            for (int i = 0; i < PIECES; i++) {
                client.raw().send(new byte[PIECE]);
            }
            client.raw().send(end.getBytes(UTF_8));
            assertThat(client.answer().text()).contains("\"size\":" + (long) PIECE * PIECES);
        }
    }

    @Test
    void bodyThatIsWantedInMemory_isNoLongerThanAMessage() {
        int length = 11 << 20;
        String field = "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
        String end = "\r\n--xx--\r\n";
        try (var client = new WebClient(program)) {
            client.send("POST /mail HTTP/1.1\nHost: x\nContent-Length: " + length + "\n\n");
            client.raw().send(new byte[length]);
            assertThat(client.answer().status()).isEqualTo(413);

            int all = field.length() + length + end.length();
            client.send("POST /form HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=xx\nContent-Length: "
                    + all + "\n\n");
            client.raw().send(field.getBytes(UTF_8));
            client.raw().send(new byte[length]);
            client.raw().send(end.getBytes(UTF_8));
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void uploadThatIsBrokenOff_leavesNoFile() {
        try (var client = new WebClient(program)) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: 100000000\n\n");
            for (int i = 0; i < 20; i++) {
                client.raw().send(new byte[PIECE]);
            }
            await().untilAsserted(() -> assertThat(bodies()).isPositive());
            client.raw().reset();
        }
        await().untilAsserted(() -> assertThat(bodies()).isZero());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void managerThatIsKilled_leavesNoFile() {
        try (var client = new WebClient(program)) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: 100000000\n\n");
            for (int i = 0; i < 20; i++) {
                client.raw().send(new byte[PIECE]);
            }
            await().untilAsserted(() -> assertThat(bodies()).isPositive());
            program.kill();
        }
        await().untilAsserted(() -> assertThat(bodies()).isZero());
    }

    private static long crc(RawClient raw) {
        var crc = new CRC32();
        for (int i = 0; i < PIECES; i++) {
            crc.update(raw.read(PIECE));
        }
        return crc.getValue();
    }

    private static long bodies() {
        try (var files = Files.walk(programs.directory())) {
            return files.map(Path::getFileName)
                    .filter(name -> name.toString().startsWith("shunt-body-"))
                    .count();
        } catch (IOException | UncheckedIOException e) { // one goes just now
            return -1;
        }
    }
}
