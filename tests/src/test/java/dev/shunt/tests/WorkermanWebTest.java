package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.WorkermanWeb;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code new Worker("http://...")}, whose {@code onMessage} gets requests, and {@code onWebSocketConnect}. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class WorkermanWebTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private static int web;
    private static int chat;

    private final String placement;

    WorkermanWebTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        web = Ports.free();
        chat = Ports.free();
        program = programs.start(WorkermanWeb.class, "--placement", placement, "--port", web, "--chat", chat);
        await().until(() -> !Ports.refuses(chat));
    }

    @Test
    void onMessage_getsRequests_andSendAnswers() {
        assertThat(placement).isNotEmpty();
        try (var client = new WebClient(web)) {
            assertThat(client.get("/text").text()).isEqualTo("text of 127.0.0.1");
            var missing = client.get("/missing");
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.header("x-why")).isEqualTo("none");
            assertThat(client.get("/what").status()).isEqualTo(400);
            assertThat(client.get("/twice").text()).isEqualTo("once");
            program.awaitLine("^refused: request \\d+ has been answered");
            assertThat(client.get("/close").text()).isEqualTo("closed");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void onWebSocketConnect_mayAddHeaders_andSend_orRefuse() {
        try (var client = new WebClient(chat)) {
            assertThat(client.upgrade("/closed").status()).isEqualTo(403);
            var answer = client.upgrade("/room");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("x-path")).isEqualTo("/room");
            assertThat(client.text()).isEqualTo("before");
            client.sendFrame(WebSocketBytes.TEXT, "hello".getBytes(UTF_8));
            assertThat(client.text()).isEqualTo("heard hello");
        }
        try (var client = new WebClient(chat)) {
            assertThat(client.get("/room").status()).isEqualTo(426);
        }
    }
}
