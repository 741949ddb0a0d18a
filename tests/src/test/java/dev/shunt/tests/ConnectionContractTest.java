package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Talk;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers of connections are promised, in both faces and wherever they run: one program, one suite. */
@Tag("processes")
@TestMethodOrder(OrderAnnotation.class)
@ParameterizedClass
@EnumSource
class ConnectionContractTest {

    private static final int COUNT = 4;
    private static final int LAST = Integer.MAX_VALUE;

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_IN_PROCESS("--face server --placement in_process"),
        SERVER_IN_PROCESS_VIRTUAL("--face server --placement in_process --virtual true"),
        SERVER_CHILDREN("--face server --placement children"),
        SERVER_SWITCHED_IN_PROCESS("--face server --placement children --in-process true"),
        WORKER_EVENT_LOOP("--face worker --placement event_loop"),
        WORKER_IN_PROCESS("--face worker --placement in_process"),
        WORKER_CHILDREN("--face worker --placement children"),
        WORKER_CHILDREN_VIRTUAL("--face worker --placement children --virtual true"),
        WORKER_TWO_CHILDREN("--face worker --placement children --processes 2"),
        WORKER_SOCKETS_IN_CHILD("--face worker --placement children --processes 2 --sockets in_child");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }

        Object[] arguments() {
            return arguments.split(" ", -1);
        }

        boolean inChildren() {
            return arguments.contains("children") && !arguments.contains("--in-process");
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final Where where;

    ConnectionContractTest(Where where) {
        this.where = where;
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(launch(where));
        program.port();
    }

    private static Launch launch(Where where) {
        return Launch.of(Talk.class, "--count", COUNT)
                .withOptions("-Xmx48m", "-XX:+ExitOnOutOfMemoryError")
                .withArguments(where.arguments());
    }

    private TalkClient client() {
        return new TalkClient(program);
    }

    @Test
    void connectMessagesClose_areCalledInOrder_eachOnce() {
        long id;
        try (var client = client()) {
            id = client.id();
            client.ask("echo 1");
            client.ask("echo 2");
        }
        program.awaitLine("^closed " + id + "$");
        assertThat(program.lines().stream().filter(line -> line.matches("\\w+ " + id + "( .*)?")))
                .containsExactly(
                        "connected " + id, "message " + id + " echo 1", "message " + id + " echo 2", "closed " + id);
    }

    @Test
    void manyMessagesAtOnce_areAnsweredInOrder() {
        try (var client = client()) {
            IntStream.range(0, 1_000).forEach(i -> client.send("echo " + i));
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.read()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void messages_runWhereTheyShould_onWorkersOfThisListener() {
        try (var client = client()) {
            for (int i = 0; i < 20; i++) {
                String[] words = client.ask("where").split(" ", -1);
                assertThat(Integer.parseInt(words[1])).isBetween(0, COUNT - 1);
                assertThat(words[3].equals(Long.toString(program.pid()))).isEqualTo(!where.inChildren());
            }
        }
    }

    @Test
    void messagesOfOneConnection_runInOneProcess() {
        try (var client = client()) {
            var pids = new HashSet<Long>();
            for (int i = 0; i < 50; i++) {
                pids.add(client.pid());
            }
            assertThat(pids).hasSize(1);
        }
    }

    @Test
    void whatIsKeptWithAConnection_isThereForItsNextMessage() {
        try (var client = client();
                var other = client()) {
            assertThat(client.ask("count")).isEqualTo("count 1");
            assertThat(client.ask("count")).isEqualTo("count 2");
            assertThat(other.ask("count")).isEqualTo("count 1");
            assertThat(client.ask("count")).isEqualTo("count 3");
        }
    }

    @Test
    void connection_knowsItsIdAndTheOtherEnd() {
        try (var client = client();
                var other = client()) {
            assertThat(client.id()).isPositive().isNotEqualTo(other.id());
            assertThat(client.ask("me"))
                    .isEqualTo("connection " + client.id() + " from "
                            + client.lines().raw().localAddress());
        }
    }

    @Test
    void closedByTheHandler_afterWhatItSent() {
        try (var client = client()) {
            client.send("bye see you");
            assertThat(client.awaitClose()).isEqualTo("see you\n");
            program.awaitLine("^closed " + client.id() + "$");
            program.awaitLine("^after close: send false$");
            assertThat(program.lines()).containsOnlyOnce("closed " + client.id());
        }
    }

    /** As {@code login\ncommand\ncommand\n}: a login that fails must not run the commands behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"bye last", "bye-aside last", "throw deliberately"})
    void whatCameBehindAClose_isNotHandled(String closing) {
        try (var client = client()) {
            var packet = new StringBuilder(closing + "\n");
            IntStream.range(0, 20)
                    .forEach(i -> packet.append("echo behind ").append(i).append('\n'));
            client.lines().raw().send(packet.toString().getBytes(UTF_8));
            assertThat(client.awaitClose()).isEqualTo(closing.startsWith("bye") ? "last\n" : "");
            program.awaitLine("^closed " + client.id() + "$");
            assertThat(program.lines())
                    .noneMatch(line -> line.startsWith("message " + client.id() + " echo"))
                    .containsOnlyOnce("closed " + client.id());
        }
    }

    @Test
    void clientThatCrashes_isClosedOnce() {
        var client = client();
        client.ask("ping");
        client.lines().raw().reset();
        program.awaitLine("^closed " + client.id() + "$");
        try (var other = client()) {
            assertThat(other.ask("ping")).isEqualTo("pong");
        }
        assertThat(program.lines()).containsOnlyOnce("closed " + client.id());
    }

    @Test
    void handlerThatThrows_isLogged_itsConnectionIsClosed_noOther() {
        try (var client = client();
                var other = client()) {
            assertThat(client.ask("echo before")).isEqualTo("before");
            client.send("throw deliberately");
            assertThat(client.awaitClose()).isEmpty();
            program.awaitLine("^closed " + client.id() + "$");
            program.awaitLine("IllegalStateException: deliberately");
            assertThat(other.ask("ping")).isEqualTo("pong");
        }
    }

    /** As {@code printf ... | nc -N} does. */
    @Test
    void clientThatSaysNoMore_isStillAnswered_thenClosed() {
        try (var client = client()) {
            client.send("echo 1").send("echo 2").send("echo 3");
            client.lines().raw().closeOutput();
            assertThat(client.awaitClose()).isEqualTo("1\n2\n3\n");
            program.awaitLine("^closed " + client.id() + "$");
        }
    }

    @Test
    void largeMessages_arriveWholeInBothDirections() {
        int size = 700_000;
        try (var client = client()) {
            assertThat(client.ask("echo " + "y".repeat(size))).isEqualTo("y".repeat(size));
            assertThat(client.ask("blob " + size)).isEqualTo("x".repeat(size));
        }
    }

    @Test
    void sends_areMessagesOfTheirOwn_andUnicodeSurvives() {
        try (var client = client()) {
            assertThat(client.ask("echo attività €𝄞")).isEqualTo("attività €𝄞");
            assertThat(client.ask("echo ")).isEmpty();
        }
    }

    /** What is not read stays in the server's buffer for this connection up to a limit, and is refused beyond. */
    @Test
    void answersThatAreNotRead_fillNoMemory() {
        try (var greedy = client();
                var other = client()) {
            for (int i = 0; i < 100; i++) {
                greedy.send("blob 700000");
            }
            assertThat(other.ask("ping")).isEqualTo("pong");
            var answers = CompletableFuture.supplyAsync(() -> answersUntilTheEnd(greedy), Thread::startVirtualThread);
            program.awaitLines("^message " + greedy.id() + " blob", 100);
            await().until(() -> {
                greedy.send("echo the end"); // refused, too, while there is no room
                return answers.isDone();
            });
            assertThat(answers.join()).isNotEmpty().allMatch(answer -> answer.length() == 700_000, "is whole");
        }
    }

    private static List<String> answersUntilTheEnd(TalkClient client) {
        return Stream.generate(client::read)
                .takeWhile(line -> !line.equals("the end"))
                .toList();
    }

    @Test
    @Order(LAST)
    void shutdownFromAHandler_endsTheProgramInOrder() {
        try (var client = client()) {
            client.send("shutdown");
            assertThat(program.exitCode()).isZero();
            assertThat(client.awaitClose()).isEmpty();
            assertThat(program.lines()).contains("start returned", "closed " + client.id());
        }
        assertThat(program.children()).isEmpty();
        assertThat(program.lines().stream().filter(line -> line.startsWith("worker ")))
                .as("each worker has started and stopped")
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, COUNT)
                        .boxed()
                        .flatMap(id -> Stream.of("worker " + id + " starts", "worker " + id + " stops"))
                        .toList());
    }

    @Test
    void everyWorker_hasStarted_beforeItAccepts() {
        var before = program.lines().stream()
                .takeWhile(line -> !line.startsWith("listening"))
                .toList();
        assertThat(before)
                .filteredOn(line -> line.matches("worker \\d+ starts"))
                .hasSize(COUNT);
    }
}
