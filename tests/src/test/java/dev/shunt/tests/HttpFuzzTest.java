package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Wire;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests cut at each byte, and thousands of connections whose requests are damaged: each answer is that of its request as
 * {@link StrictReader} understands it, each connection comes to an end, and no other notices. The random ones take their seed
 * from the property {@code shunt.fuzz.seed}.
 */
@Tag("alone")
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "children"})
class HttpFuzzTest {

    private static final int CONNECTIONS = 10_000;

    /** There is one more way from request to answer, and the reader is the same. */
    private static final int CONNECTIONS_TO_CHILDREN = 3_000;

    private static final int MAX_BODY = 64 << 10;

    private static final List<String> TEMPLATES = List.of(
            "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "HEAD /%s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
            "POST /%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\nhello world",
            chunked("Host: localhost", "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n"),
            "PUT /%s HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            chunked("host:localhost", "0000a\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n"),
            "DELETE /%s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            """
            \r
            POST /%s HTTP/1.1\r
            Host: localhost\r
            Content-Length: 49\r
            \r
            GET /inner HTTP/1.1\r
            Host: localhost\r
            X: 1234\r
            \r
            """);

    private static final List<String> TOKENS = List.of(
            "\r\n",
            "\r\n\r\n",
            "\r",
            "\n",
            " ",
            "\t",
            "\0",
            ":",
            ";",
            "0\r\n\r\n",
            "5\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Connection: close\r\n",
            "Host: other\r\n",
            "Expect: 100-continue\r\n",
            "GET /token HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "HTTP/1.1",
            "HTTP/1.0",
            "chunked",
            "HEAD ",
            "\u00ff");

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: ([0-9]+)\r\n");

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    @SuppressWarnings("NullAway.Init")
    private static WebClient witness;

    private final int connections;

    HttpFuzzTest(String placement) {
        connections = placement.equals("children") ? CONNECTIONS_TO_CHILDREN : CONNECTIONS;
    }

    /** With one event loop: what it was sent first, it reads first, whatever the connection. */
    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Launch.of(Wire.class, "--placement", placement, "--longest", MAX_BODY)
                .withOptions(
                        "-Xmx48m", "-XX:+ExitOnOutOfMemoryError", "-XX:ActiveProcessorCount=1", "-DLOG_LEVEL=warn"));
        witness = new WebClient(program);
    }

    private static String chunked(String host, String chunks) {
        return "POST /%s HTTP/1.1\r\n" + host + "\r\ntransfer-Encoding:CHUNKED\r\n\r\n" + chunks;
    }

    private static void witnessIsServed(Object what) {
        var answer = witness.get("/witness/" + what);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("GET /witness/" + what);
    }

    @Test
    void requests_cutAtEachByte_areAnsweredInTheirOrder() {
        var all = new StringBuilder();
        for (int i = 0; i < TEMPLATES.size(); i++) {
            all.append(TEMPLATES.get(i).formatted(i));
        }
        all.append("GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        byte[] bytes = all.toString().getBytes(ISO_8859_1);
        var read = StrictReader.read(all.toString(), MAX_BODY);
        assertThat(read.end()).isEqualTo(StrictReader.End.CLOSED);
        assertThat(read.requests()).hasSize(TEMPLATES.size() + 1);
        for (int cut = 1; cut < bytes.length; cut++) {
            try (var client = new RawClient(program.port())) {
                client.send(Arrays.copyOfRange(bytes, 0, cut));
                witnessIsServed(cut); // so the part has been read
                client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
                compare("cut at " + cut, read, new String(client.awaitClose(), ISO_8859_1));
            }
        }
        try (var client = new RawClient(program.port())) {
            for (byte b : bytes) {
                client.send(new byte[] {b});
                witnessIsServed(b);
            }
            compare("byte by byte", read, new String(client.awaitClose(), ISO_8859_1));
        }
    }

    @Test
    void damagedRequests_areNeverTakenForOthers_andEnd() {
        long seed = Long.getLong("shunt.fuzz.seed", new Random().nextLong());
        IO.println("shunt.fuzz.seed " + seed);
        var random = new Random(seed);
        Map<StrictReader.End, Integer> ends = new EnumMap<>(StrictReader.End.class);
        int requests = 0;
        for (int i = 0; i < connections; i++) {
            String text = damaged(random, i);
            var read = StrictReader.read(text, MAX_BODY);
            ends.merge(read.end(), 1, Integer::sum);
            requests += read.requests().size();
            compare("seed " + seed + ", " + i + ": " + escaped(text), read, answers(text, random));
            if (i % 10 == 0) {
                witnessIsServed(i);
            }
        }
        IO.println(requests + " requests were understood; then " + ends);
        assertThat(ends.getOrDefault(StrictReader.End.UNKNOWN, 0)).isLessThan(connections / 4);
        await().until(() -> witness.get("/stats").text().startsWith("{\"open\":1,"));
        assertThat(program.residentBytes()).as("memory in bytes").isLessThan(400L << 20);
    }

    private static String escaped(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }

    private static String damaged(Random random, int number) {
        var text = new StringBuilder();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            text.append(TEMPLATES.get(random.nextInt(TEMPLATES.size())).formatted(number + "-" + i));
        }
        int damages = random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            damage(text, random);
        }
        return text.toString();
    }

    private static void damage(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(20));
        switch (random.nextInt(7)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(256));
            case 1 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
            case 2 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
            case 3 -> text.delete(at, Math.max(at + 1, text.length() == end - at ? end - 1 : end));
            case 4 -> text.insert(at, text.substring(at, end));
            case 5 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
            default -> {
                int line = text.indexOf("\r\n", at); // where it hurts
                text.insert(line < 0 ? 0 : line + 2, TOKENS.get(random.nextInt(TOKENS.size())));
            }
        }
    }

    /** In a few pieces, and that is all. */
    private static String answers(String text, Random random) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        try (var client = new RawClient(program.port())) {
            try {
                int sent = 0;
                while (sent < bytes.length) {
                    int piece = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length - sent) : bytes.length - sent;
                    client.send(Arrays.copyOfRange(bytes, sent, sent + piece));
                    sent += piece;
                }
                client.closeOutput();
            } catch (UncheckedIOException e) {
                // It was closed after a refusal.
            }
            return new String(client.awaitClose(), ISO_8859_1);
        }
    }

    private static void compare(String what, StrictReader.Read read, String answers) {
        var rest = new Answers(answers);
        for (var asked : read.requests()) {
            assertThat(rest.next(asked.head()))
                    .as(what)
                    .isEqualTo("200 " + (asked.head() ? asked.answer().length() : asked.answer()));
        }
        switch (read.end()) {
            case NOTHING, CLOSED -> assertThat(rest.left()).as(what).isEmpty();
            case REFUSED -> rest.refusal(what);
            case PART -> {
                if (!rest.left().isEmpty()) {
                    rest.refusal(what);
                }
            }
            case UNKNOWN -> assertThat(rest.left()).as(what).matches("(?s)|HTTP/1\\.1 [0-9]{3} .*");
        }
    }

    /** What a server has said on a connection. */
    private static final class Answers {

        private final String text;
        private int at;

        Answers(String text) {
            this.text = text;
        }

        /** Behind what is no answer yet. */
        String left() {
            while (text.startsWith("HTTP/1.1 100 ", at)) {
                at = text.indexOf("\r\n\r\n", at) + 4;
            }
            return text.substring(at);
        }

        /** The status, and the body, or how long it would be. */
        String next(boolean head) {
            String left = left();
            int body = text.indexOf("\r\n\r\n", at) + 4;
            if (body < 4 || !left.startsWith("HTTP/1.1 ")) {
                return "no answer but '" + left + "'";
            }
            String lines = text.substring(at, body).toLowerCase(Locale.ROOT);
            var found = LENGTH.matcher(lines);
            int length = found.find() ? Integer.parseInt(found.group(1)) : 0;
            at = body + (head ? 0 : length);
            return lines.substring(9, 12) + " " + (head ? length : text.substring(body, Math.min(at, text.length())));
        }

        void refusal(String what) {
            assertThat(next(false)).as(what).matches("(?s)[45][0-9]{2} .*");
            assertThat(left()).as(what).isEmpty();
        }
    }
}
