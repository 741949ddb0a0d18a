package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManualConnectionTest {

    private final List<String> log = new ArrayList<>();
    private final AtomicReference<ManualEngine> running = new AtomicReference<>();

    private Server server(Placement placement) {
        return new Server("127.0.0.1", 9501)
                .set(settings -> settings.placement(placement).protocol(new TextProtocol()))
                .onConnect(connection -> log.add("connect " + connection.id()))
                .onReceive((connection, data) -> {
                    log.add(data.text());
                    connection.send(data + "!");
                    if (data.text().equals("bye")) {
                        connection.close();
                    }
                })
                .onClose(connection -> log.add("close " + connection.id()));
    }

    @ParameterizedTest
    @EnumSource
    void messages_goThroughTheProtocolToTheHandler_andBack(Placement placement) {
        var engine = ManualEngine.of(server(placement));
        var client = engine.connect();

        client.send("one");
        client.sendBytes("two\nth".getBytes(UTF_8));
        engine.runDue();
        client.sendBytes("ree\n".getBytes(UTF_8));
        engine.runDue();

        assertThat(log).containsExactly("connect 1", "one", "two", "three");
        assertThat(client.received()).containsExactly("one!", "two!", "three!");
        assertThat(client.packets().getFirst().text()).isEqualTo("one!\n");
        assertThat(engine.stats().connections().open()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void program_closes_andHandlesNothingMore(Placement placement) {
        var engine = ManualEngine.of(server(placement));
        var client = engine.connect();

        client.send("bye");
        engine.runDue();
        client.send("late");
        engine.runDue();

        assertThat(log).containsExactly("connect 1", "bye", "close 1");
        assertThat(client.received()).containsExactly("bye!");
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void client_closes_whenItHasBeenAnswered(Placement placement) {
        var engine = ManualEngine.of(server(placement));
        var client = engine.connect();

        for (int i = 0; i < 20; i++) {
            client.send("m" + i);
        }
        client.close();
        engine.runDue();

        assertThat(client.received()).hasSize(20).endsWith("m19!");
        assertThat(log).endsWith("close 1");
        assertThat(engine.stats().connections().open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void handlerThatThrows_losesItsConnectionAlone(Placement placement) {
        var server = server(placement).onReceive((connection, data) -> {
            if (data.text().equals("bad")) {
                throw new IllegalStateException("bad");
            }
            connection.send(data);
        });
        var engine = ManualEngine.of(server);
        var bad = engine.connect();
        var good = engine.connect();

        bad.send("bad");
        good.send("good");
        engine.runDue();

        assertThat(bad.isOpen()).isFalse();
        assertThat(good.received()).containsExactly("good");
    }

    @Test
    void childOfAConnection_dies_andTheConnectionIsCut() {
        var server =
                server(Placement.CHILDREN).onReceive((_, _) -> running.get().loseRunning());
        var engine = ManualEngine.of(server);
        running.set(engine);
        var client = engine.connect();
        client.send("one");
        engine.runDue();

        assertThat(client.isOpen()).isFalse();
        assertThat(log).containsExactly("connect 1", "close 1");
    }

    @Test
    void messageThatIsTooLong_closesItsConnection() {
        var server = server(Placement.EVENT_LOOP).set(settings -> settings.packageMaxLength(4));
        var engine = ManualEngine.of(server);
        var client = engine.connect();
        client.send("too long");
        engine.runDue();

        assertThat(client.isOpen()).isFalse();
        assertThatThrownBy(() -> engine.connect(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void webSocket_isClosedWithACode_byEitherSide(Placement placement) {
        var worker = new Worker("websocket://127.0.0.1:9502").placement(placement);
        worker.onMessage((connection, message) -> connection.close(4001, message.text()));
        worker.onClose(connection -> log.add(connection.closeCode() + " " + connection.closeReason()));
        try (var engine = ManualEngine.of(worker)) {
            var closed = engine.connect();
            closed.send("why");
            var closing = engine.connect();
            closing.close(4002, "because");
            engine.runDue();

            assertThat(closed.closeCode()).isEqualTo(4001);
            assertThat(closed.closeReason()).isEqualTo("why");
            assertThat(log).containsExactlyInAnyOrder("4001 why", "4002 because");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EVENT_LOOP")
    void handlerThatWaitsForAStage_hasItsResult(Placement placement) {
        var server = server(placement).set(settings -> settings.taskWorkerNum(1));
        server.onTask(task -> task.data().text() + "?");
        server.onReceive((connection, data) -> connection.send(server.submit(data.text())
                .result()
                .thenApply(Object::toString)
                .toCompletableFuture()
                .join()));
        try (var engine = ManualEngine.of(server)) {
            var client = engine.connect();
            client.send("one");
            engine.runDue();

            assertThat(client.received()).singleElement().asString().contains("one?");
        }
    }

    @Test
    void callbackOfATask_answersTheClient_onItsLoop() {
        var server = server(Placement.EVENT_LOOP).set(settings -> settings.taskWorkerNum(1));
        server.onReceive((connection, data) -> server.task(data.text(), result -> {
                    if (result instanceof Result.Done done) {
                        connection.send(done.data());
                    }
                }))
                .onTask(task -> {
                    return task.data() + " done";
                });
        var engine = ManualEngine.of(server);
        var client = engine.connect();
        client.send("work");

        assertThat(engine.runDue()).isEqualTo(1);
        assertThat(client.received()).containsExactly("work done");
        assertThat(server.send(client.id(), "pushed")).isTrue();
        engine.runDue();
        assertThat(client.received()).containsExactly("work done", "pushed");
    }

    @Test
    void workers_reachEachOther_andTheirClients() {
        var tasks = new Worker("text://127.0.0.1:12345")
                .onMessage((connection, message) -> connection.send("done: " + message));
        var front = new Worker("websocket://0.0.0.0:8080").onMessage((client, message) -> {
            var task = new AsyncTcpConnection("text://127.0.0.1:12345");
            task.send(message);
            task.onMessage((connection, result) -> {
                connection.close();
                client.send(result);
            });
            task.connect();
        });
        try (var engine = ManualEngine.of(front, tasks)) {
            var browser = engine.connect();
            browser.send("thumbnail");
            engine.runDue();
            assertThat(browser.received()).containsExactly("done: thumbnail");
        }
    }

    @Test
    void nobodyElse_isReached_andWorkersMayBeMadeAgain() {
        var front = new Worker().onWorkerStart(_ -> {
            var other = new AsyncTcpConnection("text://127.0.0.1:1");
            other.onError((_, code, text) -> log.add(code + " " + text));
            other.onClose(_ -> log.add("closed"));
            other.connect();
        });
        try (var engine = ManualEngine.of(front)) {
            engine.runDue();
            assertThat(log).hasSize(2).first().asString().startsWith("1 Connection refused: 127.0.0.1:1");
        }
        try (var engine = ManualEngine.of(new Worker())) {
            assertThat(engine.endpoints()).isEmpty();
        }
    }
}
