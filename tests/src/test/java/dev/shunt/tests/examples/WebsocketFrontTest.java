package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawServer;
import dev.shunt.testing.WebSocketClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example websocket-front}: seed 000's caller, before task servers of every temper. */
@Tag("processes")
class WebsocketFrontTest {

    private static final String COMPLETED = "attività completata";
    private static final String FAILED = "attività non riuscita";

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before all
    private static Program taskWorker;

    private final RawServer server = new RawServer();

    @BeforeAll
    static void start() {
        taskWorker = programs.start(Launch.of("TaskWorker", "--port", 0));
        taskWorker.port();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    private static Program front(int taskServer) {
        return front(taskServer, 20);
    }

    private static Program front(int taskServer, int seconds) {
        return programs.start(Launch.of(
                "WebsocketFront", "--port", 0, "--timeout", seconds, "--task-server", "127.0.0.1:" + taskServer));
    }

    @Test
    void message_becomesATask_andTheClientIsTold() {
        var front = front(taskWorker.port());
        try (var client = new WebSocketClient(front.port())) {
            assertThat(client.ask("a mail, please")).isEqualTo(COMPLETED);
            assertThat(client.ask("{\"function\":\"sleep\",\"args\":{\"seconds\":0.01}}"))
                    .isEqualTo(COMPLETED);
            front.awaitLine("\"ok\":true");
            client.sendClose(1000, "thanks");
            assertThat(client.closeCode()).isEqualTo(1000);
        }
        assertThat(front.stop()).isZero();
        assertThat(front.complaints()).isEmpty();
    }

    @Test
    void manyClients_eachGetsItsAnswer() {
        var front = front(taskWorker.port());
        var clients = IntStream.range(0, 30)
                .mapToObj(_ -> new WebSocketClient(front.port()))
                .toList();
        clients.forEach(client -> client.send("one").send("two"));
        clients.forEach(client -> {
            assertThat(client.read()).isEqualTo(COMPLETED);
            assertThat(client.read()).isEqualTo(COMPLETED);
            client.close();
        });
    }

    @Test
    void taskThatFails_isSaid() {
        var front = front(taskWorker.port());
        try (var client = new WebSocketClient(front.port())) {
            assertThat(client.ask("{\"function\":\"reboot\"}"))
                    .startsWith(FAILED)
                    .contains("reboot");
            assertThat(client.ask("again")).isEqualTo(COMPLETED);
        }
    }

    @Test
    void taskServerDown_isSaid_andTheFrontKeepsServing() {
        int port = server.port();
        server.close();
        var front = front(port);
        try (var client = new WebSocketClient(front.port())) {
            assertThat(client.ask("one")).startsWith(FAILED);
            assertThat(client.ask("two")).startsWith(FAILED);
        }
        assertThat(front.stop()).isZero();
    }

    @Test
    void taskServerThatNeverAnswers_isSaid_andTheFrontKeepsServing() {
        var front = front(server.port(), 3);
        try (var client = new WebSocketClient(front.port())) {
            client.send("one");
            try (var silent = server.acceptLines()) {
                assertThat(silent.read()).contains("one");
                assertThat(client.read()).startsWith(FAILED);
                assertThat(silent.awaitClose()).isEmpty();
            }
            client.send("two");
            try (var answering = server.acceptLines()) {
                assertThat(answering.read()).contains("two");
                answering.send("{\"ok\":true}");
                assertThat(client.read()).isEqualTo(COMPLETED);
                assertThat(answering.awaitClose())
                        .as("one connection per task, closed after it")
                        .isEmpty();
            }
        }
    }

    @Test
    void taskServerGoneMidway_isSaid_andTheFrontKeepsServing() {
        var front = front(server.port());
        try (var client = new WebSocketClient(front.port())) {
            client.send("one");
            try (var leaving = server.acceptLines()) {
                leaving.read();
            }
            assertThat(client.read()).startsWith(FAILED);
            client.send("two");
            try (var answering = server.acceptLines()) {
                answering.read();
                answering.send("{\"ok\":true}");
                assertThat(client.read()).isEqualTo(COMPLETED);
            }
        }
    }

    @Test
    void clientThatLeavesBeforeItsAnswer_disturbsNobody() {
        var front = front(server.port());
        try (var staying = new WebSocketClient(front.port())) {
            try (var leaving = new WebSocketClient(front.port())) {
                leaving.send("one");
                try (var task = server.acceptLines()) {
                    task.read();
                }
            }
            staying.send("two");
            try (var task = server.acceptLines()) {
                task.read();
                task.send("{\"ok\":true}");
                assertThat(staying.read()).isEqualTo(COMPLETED);
            }
        }
    }

    @Test
    void clientThatLeavesBeforeItsAnswer_closesItsTaskConnection() {
        var front = front(server.port());
        var leaving = new WebSocketClient(front.port());
        leaving.send("one");
        try (var task = server.acceptLines()) {
            task.read();
            leaving.close();
            assertThat(task.awaitClose()).isEmpty();
        }
    }
}
