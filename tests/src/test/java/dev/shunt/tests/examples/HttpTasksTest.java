package dev.shunt.tests.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./shunt example http-tasks}, asked by curl and by the client of the JDK. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event-loop", "slots", "children"})
class HttpTasksTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String placement;

    HttpTasksTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(
                Launch.of("HttpTasks", "--port", 0, "--placement", placement, "--trusted-proxy", "127.0.0.1"));
        program.port();
    }

    private static URI uri(String target) {
        return URI.create("http://127.0.0.1:" + program.port() + target);
    }

    private HttpResponse<String> get(String target, String... headers) {
        var request = HttpRequest.newBuilder(uri(target));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> post(String target, String body) {
        return send(HttpRequest.newBuilder(uri(target)).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), ofString()).join();
    }

    private static String curl(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void hello_andWhoIAm() throws IOException {
        assertThat(placement).isNotEmpty();
        assertThat(curl(uri("/hello").toString())).isEqualTo("Hello World");
        assertThat(get("/whoami?a=1", "X-Forwarded-For", "192.0.2.1", "Cookie", "id=7")
                        .body())
                .contains(
                        "\"ip\":\"192.0.2.1\"",
                        "\"path\":\"/whoami\"",
                        "\"query\":\"a=1\"",
                        "\"cookies\":{\"id\":\"7\"}");
    }

    @Test
    void mail_isAnsweredByTheTaskWorker() {
        assertThat(post("/mail", "{\"to\":\"you\",\"contents\":\"hello\"}").body())
                .contains("\"ok\":true", "\"to\":\"you\"");
    }

    @Test
    void sleeps_areAnsweredFromOnFinish_eightAtOnce() {
        long began = System.nanoTime();
        var answers = IntStream.range(0, 8)
                .mapToObj(_ -> client.sendAsync(
                        HttpRequest.newBuilder(uri("/sleep?seconds=2")).build(), ofString()))
                .toList();
        answers.forEach(answer -> assertThat(answer.join().body()).isEqualTo("{\"slept\":2.0}"));
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(14));
    }

    @Test
    void progress_comesAsEvents() throws IOException {
        String events = curl("-N", uri("/progress?steps=3").toString());
        assertThat(events).isEqualTo("""
                event: progress
                data: 1

                event: progress
                data: 2

                event: progress
                data: 3

                event: done
                data: all 3

                """);
    }

    @Test
    void upload_isHashed_echoComesBack(@TempDir Path directory) throws IOException, NoSuchAlgorithmException {
        var bytes = new byte[15 << 20];
        new Random(7).nextBytes(bytes);
        var file = Files.write(directory.resolve("photo.bin"), bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(curl("-F", "file=@" + file, uri("/upload").toString()))
                .isEqualTo("{\"name\":\"photo.bin\",\"size\":" + bytes.length + ",\"sha256\":\"" + sha256 + "\"}");
        var back = directory.resolve("back.bin");
        assertThat(curl(
                        "--data-binary",
                        "@" + file,
                        "-o",
                        back.toString(),
                        uri("/echo").toString()))
                .isEmpty();
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        assertThat(post("/echo", "short").body()).isEqualTo("short");
    }

    /** More than a few hundred slots could serve, each waiting for its client. */
    @Test
    void echoesThatWait_holdUpNobody() {
        var waiting = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 300; i++) {
                var slow = new RawClient(program.port());
                waiting.add(slow);
                slow.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1".getBytes(UTF_8));
            }
            assertThat(get("/hello").body()).isEqualTo("Hello World");
            var last = waiting.getLast().send("2".getBytes(UTF_8));
            assertThat(last.read("HTTP/1.1 200 OK".length())).asString(UTF_8).isEqualTo("HTTP/1.1 200 OK");
        } finally {
            waiting.forEach(RawClient::close);
        }
    }

    @Test
    void file_hasRanges() throws IOException {
        assertThat(get("/file?bytes=25").body()).isEqualTo("0123456789012345678901234");
        assertThat(curl("-r", "8-12", uri("/file?bytes=25").toString())).isEqualTo("89012");
        assertThat(get("/file?bytes=0").body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /file?bytes=-1, 400",
        "GET, /file?bytes=many, 400",
        "POST, /mail, 400",
        "POST, /upload, 400",
        "GET, /chat/one, 426",
        "GET, /nothing, 404",
        "GET, /chat/, 404"
    })
    void whatIsWrong_isSaidWithAText(String method, String target, int status) {
        var answer = send(HttpRequest.newBuilder(uri(target)).method(method, BodyPublishers.ofString("no JSON")));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"to\":5}", "{\"contents\":\"x\"}", "{\"to\":\"you\",\"contents\":[1]}", "[]", "null", ""})
    void whatIsNoMail_isSaidWithAText(String body) {
        var answer = post("/mail", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isNotBlank();
    }

    @Test
    void chat_tellsAllInTheRoom() throws InterruptedException {
        var one = new Listener();
        var two = new Listener();
        var first = open("/chat/red?token=secret", one).join();
        var second = open("/chat/red?token=secret", two).join();
        await().until(() -> post("/chat/red", "to all").body().equals("{\"sent\":2}"));
        assertThat(two.next()).isEqualTo("to all");
        var _ = first.sendText("hello", true);
        assertThat(one.behind("to all")).isEqualTo("hello");
        assertThat(two.behind("to all")).isEqualTo("hello");
        assertThat(post("/chat/blue", "nobody").body()).isEqualTo("{\"sent\":0}");
        first.abort();
        second.abort();
    }

    @Test
    void chat_isRefusedBeforeItBegins() {
        assertThatThrownBy(() -> open("/chat/red?token=wrong", new Listener()).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(401));
    }

    private CompletableFuture<WebSocket> open(String target, Listener listener) {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + program.port() + target), listener);
    }

    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            socket.request(1);
            return null;
        }

        /** The room may have got some before both were in it. */
        @Nullable String behind(String some) throws InterruptedException {
            String text = next();
            while (some.equals(text)) {
                text = next();
            }
            return text;
        }

        @Nullable String next() throws InterruptedException {
            return texts.poll(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
