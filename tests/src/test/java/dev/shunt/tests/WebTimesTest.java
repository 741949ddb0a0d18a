package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Web;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is bounded of HTTP: how long an answer and the next request may take, and how many requests wait. */
@Tag("processes")
@Timeout(120)
class WebTimesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    @SuppressWarnings("NullAway.Init")
    private static Gate gate;

    @BeforeAll
    static void start() {
        gate = new Gate();
        program = programs.start(
                Web.class, "--face", "server", "--count", 8, "--gate", gate.port(), "--answer-millis", 1_500,
                "--keep-alive-millis", 700, "--requests", 3);
    }

    private static WebClient client() {
        return new WebClient(program);
    }

    @Test
    void requestThatNobodyAnswers_is504_andAnAnswerThatComesLateIsRefused() {
        try (var client = client()) {
            assertThat(client.get("/never").status()).isEqualTo(504);
            assertThat(client.rest()).isEmpty();
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
        try (var one = client();
                var two = client();
                var three = client();
                var four = client()) {
            one.sendGet("/gate");
            two.sendGet("/gate");
            three.sendGet("/gate");
            var visitors = gate.await(3);
            var refused = four.get("/hello");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            visitors.forEach(Visitor::release);
            assertThat(one.answer().status()).isEqualTo(200);
        }
        try (var client = client()) {
            assertThat(client.get("/hello").status()).isEqualTo(200);
        }
    }
}
