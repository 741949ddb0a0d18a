package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers of HTTP are promised, in both faces and wherever they run: one program, one suite. */
@Tag("processes")
@TestMethodOrder(OrderAnnotation.class)
@ParameterizedClass
@EnumSource
class WebContractTest {

    private static final int LAST = Integer.MAX_VALUE;

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_IN_PROCESS("--face server --placement in_process"),
        SERVER_CHILDREN("--face server --placement children"),
        WORKER_EVENT_LOOP("--face worker --placement event_loop"),
        WORKER_IN_PROCESS_VIRTUAL("--face worker --placement in_process --virtual true"),
        WORKER_CHILDREN("--face worker --placement children"),
        WORKER_SOCKETS_IN_CHILD("--face worker --placement children --sockets in_child");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }

        boolean inChildren() {
            return arguments.contains("children");
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final Where where;

    WebContractTest(Where where) {
        this.where = where;
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(Web.class)
                .withOptions("-Xmx64m", "-XX:+ExitOnOutOfMemoryError")
                .withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    private static WebClient client() {
        return new WebClient(program);
    }

    @Test
    void request_isAnswered_andTheConnectionGoesOn() {
        try (var client = client()) {
            for (int i = 0; i < 3; i++) {
                var answer = client.get("/hello");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("Hello World");
                assertThat(answer.header("content-type")).isEqualTo("text/plain; charset=utf-8");
                assertThat(answer.header("date")).endsWith(" GMT");
            }
        }
    }

    @Test
    void request_hasAllThatTheClientSaid() {
        try (var client = client()) {
            var answer = client.post(
                    "/describe?a=1&b=x%20y&a=2&c", "body é", "X-Own: one", "X-Own: two", "Cookie: id=7; name=\"n\"");
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.text())
                    .contains(
                            "\"method\":\"POST\"",
                            "\"path\":\"/describe\"",
                            "\"ip\":\"127.0.0.1\"",
                            "\"protocol\":\"HTTP/1.1\"")
                    .contains("\"query\":{\"a\":[\"1\",\"2\"],\"b\":[\"x y\"],\"c\":[\"\"]}")
                    .contains(
                            "\"x-own\":\"one, two\"",
                            "\"cookies\":{\"id\":\"7\",\"name\":\"n\"}",
                            "\"body\":\"body é\"");
        }
    }

    /** As curl and old browsers send them. */
    @Test
    void lettersThatAreNotEncoded_areUtf8_orRefused() {
        try (var client = client();
                var latin = client()) {
            String bytes = new String("/describe?a=é&é=%C3%A9".getBytes(UTF_8), ISO_8859_1);
            assertThat(client.get(bytes).text()).contains("\"query\":{\"a\":[\"é\"],\"é\":[\"é\"]}");
            var refused = latin.get("/describe?a=é");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("not UTF-8");
        }
    }

    @Test
    void json_isARecord_andWhatIsNoneIsRefusedWith400() {
        try (var client = client()) {
            assertThat(client.post("/mail", "{\"to\":\"you\",\"copies\":2}").text())
                    .isEqualTo("{\"to\":\"you\",\"copies\":2}");
            var refused = client.post("/mail", "{\"to\":");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("no JSON of a Mail");
            assertThat(client.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void form_isDecoded() {
        try (var client = client()) {
            var type = "Content-Type: application/x-www-form-urlencoded";
            assertThat(client.post("/form", "a=1+2&b=%C3%A9", type).text())
                    .isEqualTo("{\"a\":[\"1 2\"],\"b\":[\"é\"]}");
        }
    }

    @Test
    void formWithoutItsBoundary_is400() {
        try (var client = client()) {
            client.send("POST /form HTTP/1.1\nHost: x\nContent-Type: multipart/form-data\nContent-Length: 3\n\nabc");
            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void response_hasStatusHeadersAndCookies() {
        try (var client = client()) {
            var answer = client.get("/headers");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.header("x-one")).isEqualTo("1");
            assertThat(answer.header("set-cookie"))
                    .isEqualTo("id=a1; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax");
            assertThat(answer.bytes()).containsExactly(1, 2, 3);
            var redirect = client.get("/redirect");
            assertThat(redirect.status()).isEqualTo(302);
            assertThat(redirect.header("location")).isEqualTo("/hello");
            var none = client.get("/none");
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.headers()).doesNotContainKeys("content-length", "transfer-encoding");
            assertThat(client.get("/hello").status()).isEqualTo(200);
            client.sendGet("/reason", "Connection: close");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 404 Gone: fishing\r\n")
                    .contains("\r\nX-One: 1\r\n");
        }
    }

    @Test
    void manyRequestsAtOnce_areAnsweredInTheirOrder() {
        try (var client = client()) {
            int count = 200;
            var all = new StringBuilder();
            for (int i = 0; i < count; i++) {
                all.append("POST /bytes HTTP/1.1\nHost: x\nContent-Length: 5\n\n")
                        .append(10_000 + i);
            }
            client.send(all.toString());
            for (int i = 0; i < count; i++) {
                assertThat(client.answer().text()).isEqualTo(Integer.toString(10_000 + i));
            }
        }
    }

    @Test
    void answersGivenLater_keepTheirOrder() {
        try (var client = client()) {
            for (String path : new String[] {"/after", "/hello", "/thread", "/hello"}) {
                client.sendGet(path);
            }
            var texts = new ArrayList<String>();
            IntStream.range(0, 4).forEach(_ -> texts.add(client.answer().text()));
            assertThat(texts).containsExactly("after", "Hello World", "thread", "Hello World");
        }
    }

    @Test
    void taskWorker_answersTheRequest_itHeardOf() {
        try (var client = client()) {
            String text = client.get("/task").text();
            assertThat(text).startsWith("from a task, worker ");
            assertThat(text).doesNotContain("pid " + program.pid());
        }
    }

    @Test
    void onFinish_answersTheRequest() {
        try (var client = client()) {
            var answer = client.get("/finish?seven");
            assertThat(answer.text()).isEqualTo("done seven");
            assertThat(answer.header("x-finish")).isEqualTo("1");
        }
    }

    @Test
    void resultOfATask_isTheAnswer_anyOther500() {
        try (var client = client()) {
            assertThat(client.get("/ask?work+eight").text()).isEqualTo("done eight");
            var failed = client.get("/ask?fail");
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.text()).doesNotContain("deliberately");
        }
    }

    @Test
    void secondAnswer_throws() {
        try (var client = client()) {
            assertThat(client.get("/twice").text()).isEqualTo("once");
            assertThat(client.get("/twice-elsewhere").text()).isEqualTo("once");
            program.awaitLines("^refused: request \\d+ has been answered", 3);
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
            assertThat(program.lines()).doesNotContain("a second answer was taken");
        }
    }

    @Test
    void handlerThatThrows_isAnsweredWith500_withoutItsText_andTheConnectionEnds() {
        try (var client = client()) {
            var answer = client.get("/throw");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).doesNotContain("exception");
            assertThat(client.rest()).isEmpty();
            program.awaitLine("IllegalStateException: the text of the exception");
        }
    }

    @Test
    void handlerThatRefuses_isAnsweredWithItsStatusAndText() {
        try (var client = client()) {
            var answer = client.get("/refuse");
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.text()).isEqualTo("a teapot\n");
            assertThat(client.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void headerWithALineBreak_isRefusedWhereItIsSet() {
        try (var client = client()) {
            assertThat(client.get("/injected").status()).isEqualTo(500);
            program.awaitLine("header X-One has a value with a line break");
        }
    }

    @Test
    void head_hasTheHeadOnly() {
        try (var client = client()) {
            var answer = client.send("HEAD /hello HTTP/1.1\nHost: x\n\n").answer(false);
            assertThat(answer.header("content-length")).isEqualTo("11");
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void expectation_isMet_beforeTheBodyComes() {
        try (var client = client()) {
            client.send("POST /bytes HTTP/1.1\nHost: x\nContent-Length: 4\nExpect: 100-continue\n\n");
            assertThat(client.answer().status()).isEqualTo(100);
            assertThat(client.send("body").answer().text()).isEqualTo("body");
            client.send("POST /bytes HTTP/1.1\nHost: x\nContent-Length: 99999999\nExpect: 100-continue\n\n");
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void chunkedBody_isOneBody() {
        try (var client = client()) {
            client.send(
                    "POST /bytes HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n3\nabc\n2;ext=1\nde\n0\nX-T: 1\n\n");
            assertThat(client.answer().text()).isEqualTo("abcde");
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void oldClients_areServed() {
        try (var client = client()) {
            var answer = client.send("GET /hello HTTP/1.0\n\n").answer();
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("Hello World");
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            client.send("GET /hello HTTP/1.0\nConnection: keep-alive\n\n");
            assertThat(client.answer().header("connection")).isEqualTo("keep-alive");
            client.send("GET /hello HTTP/1.0\n\n");
            assertThat(client.answer().text()).isEqualTo("Hello World");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whoSaysClose_isClosedBehindTheAnswer() {
        try (var client = client()) {
            client.send("GET /hello HTTP/1.1\nHost: x\nConnection: close\n\nGET /describe HTTP/1.1\nHost: x\n\n");
            assertThat(client.answer().header("connection")).isEqualTo("close");
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            assertThat(client.get("/last").header("connection")).isEqualTo("close");
            assertThat(client.rest()).isEmpty();
        }
    }

    /** As {@code printf ... | nc -N} does. */
    @Test
    void clientThatSaysNoMore_isStillAnswered_alsoLater() {
        try (var client = client()) {
            client.sendGet("/after");
            client.raw().closeOutput();
            assertThat(client.answer().text()).isEqualTo("after");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void largeBodies_arriveWhole_andTextIsCompressedForWhoTakesIt() {
        try (var client = client()) {
            String body = "y".repeat(700_000);
            assertThat(client.post("/bytes", body).text()).isEqualTo(body);
            assertThat(client.get("/large?bytes=700000").bytes()).hasSize(700_000);
            var packed = client.get("/large?bytes=700000", "Accept-Encoding: br, gzip");
            assertThat(packed.header("content-encoding")).isEqualTo("gzip");
            assertThat(packed.bytes()).hasSizeLessThan(10_000);
            assertThat(client.get("/hello", "Accept-Encoding: gzip").headers()).doesNotContainKey("content-encoding");
        }
    }

    @ParameterizedTest
    @CsvSource({"10000, 414", "200, 200"})
    void tooLongALine_is414(int length, int status) {
        try (var client = client()) {
            assertThat(client.get("/describe?" + "q".repeat(length)).status()).isEqualTo(status);
        }
    }

    @Test
    void tooLongAHead_is431_tooLongABody_413() {
        try (var client = client()) {
            assertThat(client.get("/hello", "X-Long: " + "h".repeat(20_000)).status())
                    .isEqualTo(431);
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            assertThat(client.sendPost("/bytes", "b".repeat(2 << 20)).answer().status())
                    .isEqualTo(413);
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            client.send(
                    "POST /bytes HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n" + "200000\n" + "c".repeat(2 << 20));
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /bytes HTTP/1.1|Host: x|Content-Length: 3|Content-Length: 4||abcd",
                "POST /bytes HTTP/1.1|Host: x|Content-Length: 3, 4||abcd",
                "POST /bytes HTTP/1.1|Host: x|Content-Length: +3||abc",
                "POST /bytes HTTP/1.1|Host: x|Content-Length: -1||",
                "POST /bytes HTTP/1.1|Host: x|Content-Length: 3|Transfer-Encoding: chunked||0||",
                "POST /bytes HTTP/1.0|Transfer-Encoding: chunked||0||",
                "GET /hello HTTP/1.1|Host: x|X-Folded: a| b||",
                "GET /hello HTTP/1.1|Host: x|X-Return: a\rb||",
                "GET /hello HTTP/1.1|Host: x|X-Null: a\0b||",
                "GET /hello HTTP/1.1|Host : x||",
                "GET /hello HTTP/1.1|Host: x|No colon||",
                "GET /hello HTTP/1.1||",
                "GET /hello HTTP/1.1|Host: x|Host: y||",
                "GET /hello HTTP/1.1|Host: x y||",
                "GET hello HTTP/1.1|Host: x||",
                "GET /hello|Host: x||",
                "POST /bytes HTTP/1.1|Host: x|Transfer-Encoding: chunked||x|abc|0||",
                "POST /bytes HTTP/1.1|Host: x|Transfer-Encoding: chunked||-1|abc|0||",
                "POST /bytes HTTP/1.1|Host: x|Transfer-Encoding: chunked||3|abcd|0||",
                "\0\1\2\3||"
            })
    void malformedOrAmbiguous_is400_andTheEnd(String request) {
        assertRefused(request, 400);
    }

    @ParameterizedTest
    @CsvSource({
        "POST /bytes HTTP/1.1|Host: x|Transfer-Encoding: gzip||0||, 501",
        "POST /bytes HTTP/1.1|Host: x|Transfer-Encoding: xchunked||0||, 501",
        "GET /hello HTTP/2.0|Host: x||, 505",
        "CONNECT x:80 HTTP/1.1|Host: x||, 405",
        "GET /hello HTTP/1.1|Host: x|Expect: more||, 417"
    })
    void whatIsNotServed_isSaid_andTheEnd(String request, int status) {
        assertRefused(request, status);
    }

    /** Behind it a second request, which must not be understood. */
    private static void assertRefused(String request, int status) {
        try (var client = client()) {
            client.send(request.replace("|", "\n") + "GET /hello HTTP/1.1\nHost: x\n\n");
            assertThat(client.answer().status()).isEqualTo(status);
            assertThat(client.rest()).isEmpty();
        }
        try (var client = client()) {
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void malformedBehindAGoodOne_isAnsweredInItsTurn() {
        try (var client = client()) {
            client.send("GET /after HTTP/1.1\nHost: x\n\nGET /hello HTTP/1.1\nHost: x\nHost: y\n\n");
            assertThat(client.answer().text()).isEqualTo("after");
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
    }

    /** In any two pieces. */
    @Test
    void splitAnywhere_isUnderstood() {
        String request = "POST /bytes HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n";
        try (var client = client()) {
            for (int at = 1; at < request.length(); at++) {
                client.send(request.substring(0, at)).send(request.substring(at));
                assertThat(client.answer().text()).isEqualTo("abc");
            }
        }
    }

    @Test
    void processThatEnds_isAnsweredWithOne5xx() {
        if (!where.inChildren()) {
            return; // it would be the program
        }
        try (var client = client();
                var other = client()) {
            other.get("/hello");
            if (where == Where.WORKER_SOCKETS_IN_CHILD) { // they end with the process
                assertThat(client.sendGet("/exit").rest()).isEmpty();
                assertThat(other.rest()).isEmpty();
                return;
            }
            assertThat(client.get("/exit").status()).isEqualTo(502);
            assertThat(client.rest()).isEmpty();
            assertThat(other.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void pieces_areSentAsChunks_orCountedByTheProgram() {
        try (var client = client()) {
            var pieces = client.get("/pieces");
            assertThat(pieces.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(pieces.header("x-pieces")).isEqualTo("3");
            assertThat(pieces.text()).isEqualTo("one two three");
            var counted = client.get("/counted");
            assertThat(counted.header("content-length")).isEqualTo("6");
            assertThat(counted.text()).isEqualTo("onetwo");
            var trailers = client.get("/trailers");
            assertThat(trailers.text()).isEqualTo("body");
            assertThat(trailers.header("trailer X-Sum")).isEqualTo("4");
            assertThat(client.send("HEAD /pieces HTTP/1.1\nHost: x\n\n")
                            .answer(false)
                            .status())
                    .isEqualTo(200);
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
        try (var old = client()) {
            assertThat(old.send("GET /pieces HTTP/1.0\nConnection: keep-alive\n\n")
                            .answer()
                            .text())
                    .isEqualTo("one two three");
        }
    }

    @Test
    void events_comeAsTheyHappen() {
        try (var client = client()) {
            var answer = client.get("/events");
            assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
            assertThat(answer.header("cache-control")).isEqualTo("no-cache");
            assertThat(answer.text())
                    .isEqualTo("event: progress\ndata: 1\ndata: 2\n\nevent: done\nid: 7\ndata: {\"ok\":true}\n\n");
        }
    }

    @Test
    void responseThatIsNotEnded_isCutOff_notEnded() {
        try (var client = client()) {
            String rest = client.sendGet("/half-then-throw").rest();
            assertThat(rest).contains("half").doesNotContain("0\r\n\r\n");
        }
        if (where.inChildren()) {
            try (var client = client()) {
                String rest = client.sendGet("/half-and-exit").rest();
                assertThat(rest).doesNotEndWith("0\r\n\r\n");
            }
        }
    }

    /** Its heap is 64 MiB, and so is that of its children. */
    @Test
    void clientThatReadsSlowly_holdsUpWhoWrites_andFillsNoMemory() {
        long bytes = 100L << 20;
        try (var client = client()) {
            client.sendGet("/flood?bytes=" + bytes);
            try (var other = client()) {
                assertThat(other.get("/hello").text()).isEqualTo("Hello World");
            }
            long length = 0;
            client.answer(false);
            for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
                length += chunk.length;
            }
            assertThat(length).isPositive();
            if (!where.name().endsWith("EVENT_LOOP")) { // which does not wait
                assertThat(length).isEqualTo(bytes);
            }
        }
    }

    @Test
    void file_isSentWhole_orAsItIsAskedFor(@TempDir Path directory) throws IOException {
        var file = directory.resolve("numbers.txt");
        Files.writeString(file, "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        String target = "/file?path=" + file;
        try (var client = client()) {
            var whole = client.get(target);
            assertThat(whole.text()).isEqualTo("0123456789");
            assertThat(whole.header("content-type")).isEqualTo("text/plain");
            assertThat(whole.header("last-modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
            assertThat(whole.header("accept-ranges")).isEqualTo("bytes");
            var range = client.get(target, "Range: bytes=2-4");
            assertThat(range.status()).isEqualTo(206);
            assertThat(range.text()).isEqualTo("234");
            assertThat(range.header("content-range")).isEqualTo("bytes 2-4/10");
            assertThat(client.get(target, "Range: bytes=-3").text()).isEqualTo("789");
            assertThat(client.get(target, "Range: bytes=8-").text()).isEqualTo("89");
            assertThat(client.get(target, "Range: bytes=8-99").text()).isEqualTo("89");
            assertThat(client.get(target, "Range: bytes=4-2").status()).isEqualTo(200);
            var parts = client.get(target, "Range: bytes=0-1, 4-5,-1,20-");
            assertThat(parts.status()).isEqualTo(206);
            String boundary = parts.header("content-type").replaceFirst("multipart/byteranges; boundary=", "");
            assertThat(parts.text().replace(boundary, "B"))
                    .isEqualTo(part("0-1", "01") + part("4-5", "45") + part("9-9", "9") + "\r\n--B--\r\n");
            assertThat(client.get(target, "Range: bytes=0-,0-").text()).isEqualTo("0123456789");
            assertThat(client.get(target, "Range: bytes=8-99999999999999999999").text())
                    .isEqualTo("89");
            assertThat(client.get(target, "Range: bytes=99999999999999999999-").status())
                    .isEqualTo(416);
            var beyond = client.get(target, "Range: bytes=10-");
            assertThat(beyond.status()).isEqualTo(416);
            assertThat(beyond.header("content-range")).isEqualTo("bytes */10");
            assertThat(client.get(target, "If-None-Match: " + whole.header("etag"))
                            .status())
                    .isEqualTo(304);
            assertThat(client.get(target, "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT")
                            .status())
                    .isEqualTo(304);
            assertThat(client.get(target, "If-Match: \"other\"").status()).isEqualTo(412);
            assertThat(client.get(target, "If-Match: " + whole.header("etag")).status())
                    .isEqualTo(200);
            assertThat(client.get(target, "If-Unmodified-Since: Thu, 01 Jan 2026 00:00:00 GMT")
                            .status())
                    .isEqualTo(412);
            assertThat(client.get(target, "Range: bytes=2-4", "If-Range: \"other\"")
                            .status())
                    .isEqualTo(200);
            assertThat(client.get("/file?path=" + directory.resolve("none")).status())
                    .isEqualTo(404);
            assertThat(client.send("HEAD " + target + " HTTP/1.1\nHost: x\n\n")
                            .answer(false)
                            .header("content-length"))
                    .isEqualTo("10");
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    private static String part(String range, String bytes) {
        return "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes " + range + "/10\r\n\r\n" + bytes;
    }

    @Test
    void largeFile_arrivesWhole(@TempDir Path directory) throws IOException {
        var file = directory.resolve("large.bin");
        var bytes = new byte[20 << 20];
        new Random(4711).nextBytes(bytes);
        Files.write(file, bytes);
        try (var client = client()) {
            assertThat(client.get("/file?path=" + file).bytes()).isEqualTo(bytes);
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void upload_isAFile_onTheDiskIfItIsLarge_andGoneBehindItsHandler() {
        String type = "Content-Type: multipart/form-data; boundary=xx";
        String form = """
                --xx
                Content-Disposition: form-data; name="note"

                hello
                --xx
                Content-Disposition: form-data; name="file"; filename="../a.txt"
                Content-Type: text/plain

                %s
                --xx--
                """.replace("\n", "\r\n");
        try (var client = client()) {
            assertThat(client.post("/upload", form.formatted("small"), type).text())
                    .contains("\"name\":\"a.txt\"", "\"size\":5", "\"type\":\"text/plain\"", "\"disk\":\"\"")
                    .contains("\"form\":{\"note\":[\"hello\"]}", "\"first\":115");
            String large = client.post("/upload", form.formatted("l".repeat(500_000)), type)
                    .text();
            assertThat(large).contains("\"size\":500000");
            var disk = Path.of(large.replaceAll("(?s).*\"disk\":\"([^\"]+)\".*", "$1"));
            await().until(() -> !Files.exists(disk));
            assertThat(client.post("/upload", form.formatted("x").replace("\"file\"", "\"other\""), type)
                            .status())
                    .isEqualTo(400);
            assertThat(client.post("/upload", "--yy no form", type).status()).isEqualTo(400);
        }
    }

    @Test
    void clientBehindATrustedProxy_isWhoItSays() {
        try (var client = client()) {
            assertThat(client.get("/describe", "X-Forwarded-For: 10.1.1.1, 192.0.2.7")
                            .text())
                    .contains("\"ip\":\"192.0.2.7\"");
            assertThat(client.get("/describe", "X-Forwarded-For: 192.0.2.7, 127.0.0.1")
                            .text())
                    .contains("\"ip\":\"192.0.2.7\"");
            assertThat(client.get("/describe", "Forwarded: for=\"[2001:db8::1]:4711\";proto=https")
                            .text())
                    .contains("\"ip\":\"2001:db8::1\"");
            assertThat(client.get("/describe", "X-Forwarded-For: unknown").text())
                    .contains("\"ip\":\"127.0.0.1\"");
        }
    }

    @Test
    void webSocket_opensOnTheSamePort_whenTheProgramLetsIt() {
        try (var client = client()) {
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
            var answer = client.upgrade("/chat/one?token=secret", "Sec-WebSocket-Protocol: chat.v1, chat.v2");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("x-room")).isEqualTo("/chat/one");
            assertThat(answer.header("sec-websocket-protocol")).isEqualTo("chat.v2");
            assertThat(client.text()).isEqualTo("open /chat/one");
            for (String text : new String[] {"one", "two"}) {
                client.sendFrame(WebSocketBytes.TEXT, text.getBytes(UTF_8));
                assertThat(client.text()).isEqualTo("heard " + text);
            }
            client.sendFrame(WebSocketBytes.CLOSE, new byte[] {(byte) (4000 >> 8), (byte) 4000});
            client.rest();
            program.awaitLine("^closed \\d+ 4000$");
        }
    }

    @Test
    void pingsAndPongs_areEvents_andMayBeSent() {
        try (var client = client()) {
            client.upgrade("/chat/one?token=secret");
            assertThat(client.text()).isEqualTo("open /chat/one");
            client.sendFrame(WebSocketBytes.PING, "one".getBytes(UTF_8));
            assertThat(client.frame(WebSocketBytes.PONG)).isEqualTo("one");
            assertThat(client.text()).isEqualTo("ping one");
            client.sendFrame(WebSocketBytes.PONG, "two".getBytes(UTF_8));
            assertThat(client.text()).isEqualTo("pong two");
            client.sendFrame(WebSocketBytes.TEXT, "ping me".getBytes(UTF_8));
            assertThat(client.frame(WebSocketBytes.PING)).isEqualTo("you");
        }
    }

    @Test
    void webSocket_isRefused_beforeItIsOne_andTheConnectionGoesOn() {
        try (var client = client()) {
            var refused = client.upgrade("/chat/one?token=wrong");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text()).isEqualTo("who is there?\n");
            var moved = client.upgrade("/moved");
            assertThat(moved.status()).isEqualTo(302);
            assertThat(moved.header("location")).isEqualTo("/login");
            assertThat(client.get("/hello").text()).isEqualTo("Hello World");
        }
    }

    @Test
    void webSocket_ofAnotherOriginWithCookies_isRefused() {
        try (var client = client()) {
            String target = "/chat/one?token=secret";
            String foreign = "Origin: http://elsewhere.example";
            assertThat(client.upgrade(target, foreign, "Cookie: id=1").status()).isEqualTo(403);
            assertThat(client.upgrade(target, "Origin: http://localhost", "Cookie: id=1")
                            .status())
                    .isEqualTo(101);
        }
        try (var client = client()) {
            assertThat(client.upgrade("/chat/one?token=secret", "Origin: http://elsewhere.example")
                            .status())
                    .isEqualTo(101);
        }
    }

    @Test
    void badHandshake_is4xx_andTheEnd() {
        try (var client = client()) {
            client.sendGet(
                    "/chat",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 8",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(client.answer().status()).isEqualTo(426);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    @Order(LAST)
    void programThatStops_answersWhatRuns_andEndsItsConnections() {
        try (var client = client();
                var idle = client()) {
            idle.get("/hello");
            var answer = client.get("/shutdown");
            assertThat(answer.text()).isEqualTo("stopping");
            assertThat(client.rest()).isEmpty();
            assertThat(idle.rest()).isEmpty();
            assertThat(program.exitCode()).isZero();
        }
    }
}
