package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Task;
import dev.shunt.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests, WebSockets on the same port, and datagrams, without a network. */
class ManualWebTest {

    record Mail(String to) {}

    record SendMail(long request, Mail mail) {}

    private static Server server(Placement placement) {
        var server = new Server("127.0.0.1", 8080)
                .set(settings -> settings.placement(placement)
                        .taskWorkerNum(1)
                        .protocol(HttpProtocol.DEFAULT.withTrustedProxies("127.0.0.1")));
        server.onRequest((request, response) -> {
            switch (request.path()) {
                case "/mail" -> server.task(new SendMail(response.id(), request.json(Mail.class)));
                case "/stream" -> {
                    response.header("X-Kind", "stream").write("one ");
                    response.write("two");
                    response.end();
                }
                case "/never" -> response.id();
                case "/throws" -> throw new IllegalStateException("a secret");
                case "/who" -> response.json(Map.of("ip", request.remoteIp(), "q", request.query("q").orElse("")));
                case "/echo" -> response.end(request.body().text());
                default -> throw new HttpException(404, "there is no " + request.path());
            }
        });
        server.handle(
                SendMail.class,
                (SendMail mail, Task task) -> server.response(mail.request())
                        .json(Map.of("to", mail.mail().to())));
        server.onHandshake((request, handshake) -> {
            if (!request.query("token").orElse("").equals("secret")) {
                handshake.refuse(401, "who is there?");
            }
        });
        server.onOpen((client, request) -> client.attach(request.path()));
        server.onMessage((client, text) -> client.send(client.attachment() + ": " + text));
        return server;
    }

    @ParameterizedTest
    @EnumSource
    void requests_areAnswered_oneAfterTheOther(Placement placement) {
        try (var engine = ManualEngine.of(server(placement))) {
            var client = engine.connect();
            var mail = client.request(ManualRequest.of("POST", "/mail").json(new Mail("ann")));
            var stream = client.get("/stream");
            var none = client.get("/nothing");
            assertThat(mail.hasBegun()).isFalse();
            engine.runDue();

            assertThat(mail.status()).isEqualTo(200);
            assertThat(mail.json(Mail.class)).isEqualTo(new Mail("ann"));
            assertThat(stream.text()).isEqualTo("one two");
            assertThat(stream.header("x-kind")).contains("stream");
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.isComplete()).isTrue();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void request_hasItsBodyAndItsClient() {
        try (var engine = ManualEngine.of(server(Placement.CHILDREN))) {
            var client = engine.connect();
            var who = client.request(ManualRequest.get("/who?q=a%20b").header("X-Forwarded-For", "192.0.2.7"));
            var echo = client.request(ManualRequest.of("POST", "/echo").body("hello"));
            var bad = client.request(ManualRequest.of("POST", "/mail").body("{"));
            engine.runDue();

            assertThat(who.json(Map.class)).isEqualTo(Map.of("ip", "192.0.2.7", "q", "a b"));
            assertThat(echo.text()).isEqualTo("hello");
            assertThat(bad.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void handlerThatThrows_isAnsweredWith500_andItsConnectionEnds(Placement placement) {
        try (var engine = ManualEngine.of(server(placement))) {
            var client = engine.connect();
            var answer = client.get("/throws");
            engine.runDue();

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).doesNotContain("secret");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void requestThatNobodyAnswers_is504_whenItsTimeIsOver() {
        try (var engine = ManualEngine.of(server(Placement.CHILDREN))) {
            var answer = engine.connect().get("/never");
            engine.runDue();
            assertThatThrownBy(answer::status).hasMessageContaining("GET /never has no answer yet");

            engine.clock().advance(Duration.ofSeconds(60));
            engine.runDue();
            assertThat(answer.status()).isEqualTo(504);
        }
    }

    @Test
    void processThatDies_isAnsweredWith502() {
        var server = server(Placement.CHILDREN);
        server.onRequest((request, response) -> running(server).loseRunning());
        try (var engine = ManualEngine.of(server)) {
            run = engine;
            var answer = engine.connect().get("/hello");
            engine.runDue();
            assertThat(answer.status()).isEqualTo(502);
        }
    }

    private @Nullable ManualEngine run;

    private ManualEngine running(Server of) {
        assertThat(of).isNotNull();
        return Objects.requireNonNull(run);
    }

    @ParameterizedTest
    @EnumSource
    void webSocket_opensWhenTheProgramLetsIt(Placement placement) {
        try (var engine = ManualEngine.of(server(placement))) {
            var client = engine.connect();
            var refused = client.upgrade("/chat?token=x");
            engine.runDue();
            assertThat(refused.status()).isEqualTo(401);
            assertThatThrownBy(() -> client.send("hello")).hasMessageContaining("upgrade");

            var accepted = client.upgrade("/chat?token=secret");
            engine.runDue();
            assertThat(accepted.status()).isEqualTo(101);
            client.send("hello");
            engine.runDue();
            assertThat(client.received()).containsExactly("/chat: hello");
        }
    }

    @Test
    void webSocket_ofAForeignPageWithCookies_isRefused() {
        try (var engine = ManualEngine.of(server(Placement.EVENT_LOOP))) {
            var client = engine.connect();
            var answer = client.upgrade(ManualRequest.get("/chat?token=secret")
                    .header("Origin", "https://evil.example")
                    .header("Cookie", "session=1"));
            engine.runDue();
            assertThat(answer.status()).isEqualTo(403);
        }
    }

    @Test
    void workerOnHttp_getsARequest_workerOnUdp_aDatagram() {
        var web = new Worker("http://127.0.0.1:8081");
        web.onMessage((connection, message) ->
                connection.send("path " + message.as(Request.class).path()));
        var packets = new Worker("udp://127.0.0.1:8082");
        packets.onMessage((connection, message) -> connection.send("got " + message.text()));
        try (var engine = ManualEngine.of(web, packets)) {
            var answer = engine.connect().get("/a");
            var sender = engine.sender();
            var other = engine.sender();
            sender.send("one");
            other.send("two");
            engine.runDue();
            assertThat(answer.text()).isEqualTo("path /a");
            assertThat(sender.received()).containsExactly("got one");
            assertThat(other.received()).containsExactly("got two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void datagrams_areAnswered(Placement placement) {
        var server = new Server("udp://127.0.0.1:8083").set(settings -> settings.placement(placement));
        server.onPacket((data, sender) -> sender.send("got " + data.bytes().length + " bytes"));
        try (var engine = ManualEngine.of(server)) {
            var sender = engine.sender();
            sender.send("hello");
            engine.runDue();
            assertThat(sender.received()).containsExactly("got 5 bytes");
        }
    }
}
