package dev.shunt.tests;

import static java.util.concurrent.CompletableFuture.anyOf;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Web;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is bounded of HTTP: how long an answer and the next request may take, and how many requests wait. */
@Tag("processes")
class WebTimesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    /** Of little patience. */
    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    /** Where requests may stand at the gate as long as they like. */
    @SuppressWarnings("NullAway.Init")
    private static Program patient;

    @SuppressWarnings("NullAway.Init")
    private static Gate gate;

    @BeforeAll
    static void start() {
        gate = new Gate();
        program = start("--answer-millis", 5_000, "--keep-alive-millis", 1_500, "--message-millis", 1_000);
        patient = start("--answer-millis", 600_000, "--message-millis", 1_000);
    }

    private static Program start(Object... times) {
        var launch = Launch.of(Web.class, "--face", "server", "--count", 8, "--requests", 5, "--queue", 1);
        return programs.start(launch.withArguments("--gate", gate.port()).withArguments(times));
    }

    private static WebClient client() {
        return new WebClient(program);
    }

    private static WebClient patientClient() {
        return new WebClient(patient);
    }

    @Test
    void requestThatNobodyAnswers_is504_andAnAnswerThatComesLateIsRefused() {
        try (var client = client();
                var late = client()) {
            client.sendGet("/never");
            assertThat(late.get("/late").status()).isEqualTo(504);
            assertThat(client.answer().status()).isEqualTo(504);
            assertThat(client.rest()).isEmpty();
            program.awaitLine("^a second answer was taken|^refused: ");
            assertThat(program.lines()).doesNotContain("a second answer was taken");
        }
    }

    @Test
    void headOrBodyThatDoesNotEnd_is408_andTheEnd() {
        try (var head = client();
                var body = client();
                var streamed = client()) {
            head.send("GET /hello HTTP/1.1\nHost: ");
            body.send("POST /bytes HTTP/1.1\nHost: x\nContent-Length: 10\n\nhalf");
            streamed.send("POST /streamed/body HTTP/1.1\nHost: x\nContent-Length: 10\n\nhalf");
            for (var client : List.of(head, body, streamed)) {
                var refused = client.answer();
                assertThat(refused.status()).isEqualTo(408);
                assertThat(refused.header("connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Test
    void headThatDoesNotEnd_behindARequestThatIsHandled_is408InItsTurn() {
        try (var client = patientClient()) {
            client.send("GET /gate HTTP/1.1\nHost: x\n\nGET /hello HTTP/1.1\nHost: ");
            var visitor = gate.await(1).getFirst();
            patient.awaitLine("is refused, and closes: a message of which");
            visitor.release();
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.rest()).isEmpty();
        }
    }

    /** Nobody answers, and the client is why. */
    @Test
    void bodyThatItsHandlerWaitsFor_is408_alsoWhenTheTimeOfTheAnswerIsOver() {
        try (var client = new WebClient(start("--answer-millis", 5_000))) {
            client.send("POST /streamed/body HTTP/1.1\nHost: x\nContent-Length: 10\n\nhalf");
            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.rest()).isEmpty();
        }
    }

    /** What has begun cannot become another answer: its end is missing, as that of the body is. */
    @Test
    void bodyThatDoesNotEnd_behindTheBeginningOfItsAnswer_isCut() {
        try (var client = client()) {
            client.send("POST /streamed/echo HTTP/1.1\nHost: x\nContent-Length: 10\n\nhalf");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("half")
                    .doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void connectionWithoutRequests_isClosed_alsoBeforeItsFirst() {
        try (var client = client();
                var silent = client()) {
            client.get("/hello");
            assertThat(client.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void moreRequestsThanMayWait_are503_withRetryAfter() {
        var clients = IntStream.range(0, 5).mapToObj(_ -> patientClient()).toList();
        clients.forEach(client -> client.sendGet("/gate"));
        var visitors = gate.await(5);
        try (var client = patientClient()) {
            var refused = client.get("/hello");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
        }
        visitors.forEach(Visitor::release);
        for (var client : clients) {
            assertThat(client.answer().status()).isEqualTo(200);
            client.close();
        }
        try (var client = patientClient()) {
            assertThat(client.get("/stats").text()).contains("\"refusedRequests\":1");
        }
        try (var client = patientClient()) {
            assertThat(client.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void fullQueueOfTasks_is503_withRetryAfter() {
        try (var one = patientClient();
                var two = patientClient();
                var three = patientClient();
                var four = patientClient()) {
            one.sendGet("/ask?gate");
            two.sendGet("/ask?gate");
            var visitors = gate.await(2);
            var last = Stream.of(three, four)
                    .map(client -> supplyAsync(() -> client.get("/ask?work"), Thread::startVirtualThread))
                    .toList();
            var refused = (WebClient.Answer)
                    anyOf(last.toArray(CompletableFuture[]::new)).join();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            visitors.forEach(Visitor::release);
            assertThat(one.answer().status()).isEqualTo(200);
            assertThat(two.answer().status()).isEqualTo(200);
            assertThat(last).extracting(answer -> answer.join().status()).containsExactlyInAnyOrder(200, 503);
        }
    }
}
