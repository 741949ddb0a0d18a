package dev.shunt.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.benchmarks.client.Load.Shape;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTest {

    private static final Dialogue LINES = Dialogue.Lines.of("xxxxxxx", "xxxxxxx");

    private final Load load = new Load();

    @AfterEach
    void close() {
        load.close();
    }

    /** What a server does with one connection. */
    private interface Service {
        void serve(Socket socket) throws Exception;
    }

    private static ServerSocket listen(Service service) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofPlatform().daemon().start(() -> served(service, socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return server;
    }

    private static void served(Service service, Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (Exception e) {
            assertThat(e).isInstanceOf(IOException.class);
        }
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private Load.Figures run(ServerSocket server, Shape shape) throws IOException, InterruptedException {
        return load.run(server.getLocalPort(), () -> 0, LINES, shape);
    }

    @Test
    void closedLoop_countsReplies() throws Exception {
        try (var server = listen(LoadTest::echo)) {
            var figures = run(server, new Shape(3, 0, Duration.ofMillis(300)));
            assertThat(figures.replies()).isPositive();
            assertThat(figures.micros(50)).isPositive();
        }
    }

    @Test
    void openLoop_sendsAtItsRate() throws Exception {
        try (var server = listen(LoadTest::echo)) {
            var figures = run(server, new Shape(3, 200, Duration.ofSeconds(1)));
            assertThat(figures.perSecond()).isBetween(100.0, 210.0);
        }
    }

    /** A server that stops for a while delays what was due meanwhile, though it was not asked then. */
    @Test
    void openLoop_countsFromWhenARequestWasDue() throws Exception {
        var pause = new CountDownLatch(1);
        try (var server = listen(socket -> {
            boolean _ = pause.await(400, TimeUnit.MILLISECONDS);
            echo(socket);
        })) {
            var figures = run(server, new Shape(1, 100, Duration.ofSeconds(1)));
            assertThat(figures.nanos().getMinValue())
                    .as("of one that was due later in the pause, or after it")
                    .isLessThan(400_000_000);
            assertThat(figures.nanos().getCountBetweenValues(50_000_000, 500_000_000))
                    .isGreaterThan(5);
        }
    }

    /** A server that stops for good is not as fast as it was before. */
    @Test
    void openLoop_countsWhatIsLeftWaiting() throws Exception {
        int answered = 40;
        try (var server = listen(socket -> {
            for (int i = 0; i < answered; i++) {
                socket.getOutputStream().write(socket.getInputStream().readNBytes(8));
            }
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            var figures = run(server, new Shape(1, 100, Duration.ofSeconds(1)));
            assertThat(figures.replies()).isLessThanOrEqualTo(answered);
            assertThat(figures.nanos().getTotalCount())
                    .as("all that were due, answered or not")
                    .isGreaterThan(90);
            assertThat(figures.micros(99)).isGreaterThan(500_000);
        }
    }

    @Test
    void openLoop_saysHowLateItIsItself() throws Exception {
        try (var server = listen(LoadTest::echo)) {
            var figures = run(server, new Shape(3, 200, Duration.ofMillis(500)));
            assertThat(figures.lateNanos().getTotalCount()).isBetween(90L, 110L);
            assertThat(figures.lateMicros(99)).isPositive();
        }
    }

    @Test
    void wrongReply_isSaid() throws Exception {
        try (var server = listen(socket -> {
            var _ = socket.getInputStream().readNBytes(8);
            socket.getOutputStream().write("nonsense\n".getBytes(US_ASCII));
            echo(socket);
        })) {
            assertThatThrownBy(() -> run(server, new Shape(1, 0, Duration.ofSeconds(5))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a wrong reply", "nonsense");
        }
    }

    @Test
    void wrongReply_isSaid_thoughTheFirstWasRight() throws Exception {
        try (var server = listen(socket -> {
            socket.getOutputStream().write(socket.getInputStream().readNBytes(8));
            var _ = socket.getInputStream().readNBytes(8);
            socket.getOutputStream().write("failed\n".getBytes(US_ASCII));
            echo(socket);
        })) {
            assertThatThrownBy(() -> run(server, new Shape(1, 0, Duration.ofSeconds(5))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a wrong reply: 'failed' instead of 'xxxxxxx'");
        }
    }

    @ParameterizedTest
    @CsvSource({"81 02 68 69, true", "81 02 68 6f, false", "81 03 68 69 69, false", "82 02 68 69, false"})
    void webSocketReply_isCompared(String frame, boolean right) {
        var reply = Unpooled.wrappedBuffer(HexFormat.ofDelimiter(" ").parseHex(frame));
        assertThat(Dialogue.WebSocket.of("ho", "hi").objection(reply).isEmpty()).isEqualTo(right);
        assertThat(Dialogue.WebSocket.withAnyReply("ho").objection(reply).isEmpty())
                .isEqualTo(frame.startsWith("81"));
    }

    @Test
    void serverThatHangsUp_isSaid() throws Exception {
        try (var server = listen(socket -> {
            var _ = socket.getInputStream().readNBytes(8);
        })) {
            assertThatThrownBy(() -> run(server, new Shape(1, 0, Duration.ofSeconds(5))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("hung up");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello"
            })
    void httpReply_isWholeAtItsEnd_andNotBefore(String reply) {
        var dialogue = Dialogue.Http.get();
        byte[] bytes = reply.getBytes(US_ASCII);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(dialogue.replyLength(Unpooled.wrappedBuffer(bytes, 0, length)))
                    .isZero();
        }
        assertThat(dialogue.replyLength(Unpooled.wrappedBuffer((reply + "HTTP").getBytes(US_ASCII))))
                .isEqualTo(bytes.length);
    }
}
