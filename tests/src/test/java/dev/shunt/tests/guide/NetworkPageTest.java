package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.net.Tls;
import dev.shunt.plan.Sockets;
import dev.shunt.protocol.Protocols;
import dev.shunt.server.Server;
import dev.shunt.testing.LineClient;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.worker.Worker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkPageTest {

    record SendMail(String to, String text) {}

    @Test
    void server_hasSeveralAddresses(@TempDir Path directory) throws Exception {
        var server =
                new Server("tcp://127.0.0.1:0"); // port 0: one that the system chooses, server.endpoint() says which
        server.listen("unix://" + directory.resolve("app.sock"));
        server.listen("udp://127.0.0.1:0").onPacket((packet, sender) -> sender.send(packet));
        server.set(settings -> settings.protocol(Protocols.delimiter("\r\n")));
        server.onReceive((client, line) -> client.send(line.text() + "!"));

        try (var _ = new RunningServer(server);
                var client = new LineClient(server.endpoint().port())) {
            assertThat(client.ask("one\r")).isEqualTo("one!\r");
        }
    }

    @Test
    void server_isEncrypted() {
        var server = new Server("tcp://0.0.0.0:9501").onReceive((_, _) -> {});
        server.set(settings -> settings.ssl(Tls.server(Path.of("chain.pem"), Path.of("key.pem"))));

        ManualEngine.of(server).close(); // without sockets nobody reads the files
    }

    @Test
    void worker_hasItsSocketsInChildren() {
        var worker = new Worker("websocket://0.0.0.0:8080").sockets(Sockets.IN_CHILD);
        worker.onMessage((connection, data) -> connection.send(data));

        try (var manual = ManualEngine.of(worker)) { // has no sockets: its clients are the same either way
            var client = manual.connect();
            client.send("hello");
            manual.runDue();
            assertThat(client.received()).containsExactly("hello");
        }
    }

    @Test
    void server_speaksHttpAndWebSocket() throws Exception {
        var server = new Server("tcp://127.0.0.1:0").set(settings -> settings.taskWorkerNum(1));
        server.onRequest((request, response) -> {
            switch (request.path()) {
                case "/hello" -> response.end("Hello World");
                case "/mail" -> server.answerWith(response, request.json(SendMail.class)); // a task's result
                default -> throw new HttpException(404, "there is no " + request.path());
            }
        });
        server.answer(SendMail.class, mail -> Map.of("sent", mail.to())); // in a task worker
        server.onOpen((client, request) -> client.attach(request.path()));
        server.onMessage((client, text) -> client.send(client.attachment() + ": " + text));

        try (var web = new RunningServer(server)) {
            assertThat(web.get("/hello")).isEqualTo("200 Hello World");
            assertThat(web.post("/mail", "{\"to\":\"ann\",\"text\":\"ciao\"}")).isEqualTo("200 {\"sent\":\"ann\"}");
            assertThat(web.get("/other")).startsWith("404 ");
            assertThat(web.webSocketAnswer("/red", "ciao")).isEqualTo("/red: ciao");
        }
    }

    @Test
    void body_isReadWhileItComes() throws Exception {
        var server = new Server("tcp://127.0.0.1:0");
        server.set(settings ->
                settings.protocol(HttpProtocol.DEFAULT.withStreaming("/echo").withMaxBody(1L << 40)));
        server.onRequest((request, response) -> {
            request.stream().transferTo(response.stream()); // the client sends no faster than this reads and it takes
            response.end();
        });

        try (var web = new RunningServer(server)) {
            assertThat(web.post("/echo", "ciao")).isEqualTo("200 ciao");
        }
    }
}
