package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.programs.FarWriter;
import dev.shunt.tests.programs.Whereabouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Children that have their connections' sockets: what a crash and a reload close, and where handlers run. */
@Tag("processes")
class SocketsInChildTest {

    /** More than must be short in a row before handlers run on the loop. */
    private static final int PROOF = 600;

    @RegisterExtension
    static final Programs programs = new Programs();

    /** Two connections that two children have. */
    private static List<LineClient> inTwoChildren(Program program) {
        var clients = new ArrayList<LineClient>();
        var first = new LineClient(program.port());
        clients.add(first);
        String pid = first.ask("pid");
        for (int i = 0; i < 200; i++) {
            var next = new LineClient(program.port());
            if (!next.ask("pid").equals(pid)) {
                clients.add(next);
                return clients;
            }
            next.close();
        }
        throw new AssertionError("one child accepts all");
    }

    @Test
    void crash_closesTheConnectionsOfThatChild_andNoOther() {
        var program = programs.start(Whereabouts.class, "--processes", 2, "--count", 2);
        var clients = inTwoChildren(program);
        try (var killed = clients.get(0);
                var other = clients.get(1)) {
            assertThat(killed.ask("send " + other.ask("id"))).isEqualTo("true");
            assertThat(other.read()).isEqualTo("for you");
            await().until(() -> killed.ask("open").equals("2"));
            String pid = killed.ask("pid");

            ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

            assertThat(killed.awaitClose()).isEmpty();
            await().until(() -> other.ask("open").equals("1"));
            try (var next = new LineClient(program.port())) {
                assertThat(next.ask("pid")).isNotEqualTo(pid);
            }
        }
    }

    @Test
    void reload_newConnectionsGoToTheSuccessor_oldOnesEndWithAGoodbye() {
        var program = programs.start(Whereabouts.class, "--web", true, "--drain", 4_000);
        try (var line = new LineClient(program.port(0));
                var chat = new WebSocketClient(program.port(1));
                var web = new WebClient(program.port(2))) {
            String linePid = line.ask("pid");
            String chatPid = chat.ask("pid");
            String webPid = web.get("/").text();

            line.ask("reload");

            assertThat(chat.closeCode()).isEqualTo(1012);
            assertThat(chat.closeReason()).isEqualTo("the server restarts");
            await().until(() -> pid(program.port(0)), pid -> !pid.isEmpty() && !pid.equals(linePid));
            try (var next = new WebSocketClient(program.port(1))) {
                assertThat(next.ask("pid")).isNotEqualTo(chatPid);
            }
            assertThat(line.awaitClose()).as("after its drain time").isEmpty();
            await().until(() -> webPid(program.port(2)), pid -> !pid.isEmpty() && !pid.equals(webPid));
        }
    }

    /** The child that has the socket says that it is the answer when its writer is gone. */
    @Test
    void writerInAnotherChild_killedWhileItsAnswerBegins_theClientIsCut() throws IOException {
        try (var gate = new Gate()) {
            var program = programs.start(FarWriter.class, "--gate", gate.port());
            try (var web = new WebClient(program.port()).sendGet("/")) {
                long owner = Long.parseLong(program.awaitLine("asked in (\\d+)").group(1));
                var atGate = gate.await();
                long writer = Long.parseLong(atGate.who());
                Signals.send("STOP", owner);
                atGate.release("");
                program.awaitLine("begun");
                Signals.send("KILL", writer);
                program.awaitLine("pid " + writer + "\\): killed by signal 9");
                Signals.send("CONT", owner);
                assertThat(web.rest())
                        .as("what its client gets before it is cut")
                        .doesNotContain("HTTP/1.1 5")
                        .doesNotEndWith("0\r\n\r\n");
            }
        }
    }

    /** Whose heap is smaller than its manager's: it would end the link for a frame that it cannot read. */
    @Test
    void moreThanItsChildTakesAtOnce_isDropped_andNoConnectionIsCut() {
        var program = programs.start(Whereabouts.class, "--small", true);
        try (var large = new LineClient(program.port(0));
                var other = new LineClient(program.port(0));
                var manager = new LineClient(program.port(1))) {
            String pid = large.ask("pid");
            assertThat(manager.ask(large.ask("id") + " 40000000")).isEqualTo("false");
            program.awaitLine(
                    "connection \\d+ from .*: 40000001 bytes for it are dropped: its process takes \\d+ at once");
            assertThat(large.ask("pid")).isEqualTo(pid);
            assertThat(other.ask("pid")).isEqualTo(pid);
            assertThat(manager.ask(large.ask("id") + " 100")).isEqualTo("true");
        }
    }

    private static String pid(int port) {
        return orNone(() -> {
            try (var client = new LineClient(port)) {
                return client.ask("pid");
            }
        });
    }

    /** Whoever connects just as a child stops listening may be cut. */
    private static String orNone(Supplier<String> pid) {
        try {
            return pid.get();
        } catch (UncheckedIOException | AssertionError e) {
            return "";
        }
    }

    private static String webPid(int port) {
        return orNone(() -> {
            try (var client = new WebClient(port)) {
                return client.get("/").text();
            }
        });
    }

    @Test
    void handlers_runOnTheLoopWhileTheyAreShort_andOneThatIsLongMovesThemBack_alwaysOneAtATime() {
        var program = programs.start(Whereabouts.class);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("thread")).startsWith("shunt-");
            prove(client);
            assertThat(client.ask("worker")).isEqualTo("0");
            client.ask("timers 100");
            for (int i = 0; i < PROOF; i++) {
                client.ask("pid");
            }
            assertThat(client.ask("overlaps")).isEqualTo("0");
            prove(client);
            client.ask("busy 20");
            assertThat(client.ask("thread")).startsWith("shunt-");
        }
    }

    private static void prove(LineClient client) {
        await().until(
                        () -> {
                            for (int i = 0; i < PROOF; i++) {
                                client.ask("pid");
                            }
                            return client.ask("thread");
                        },
                        thread -> thread.startsWith("child-"));
    }
}
