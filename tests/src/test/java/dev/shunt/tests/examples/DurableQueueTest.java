package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./shunt example durable-queue}: what was stored is done, whoever is killed. */
@Tag("processes")
class DurableQueueTest {

    private static final String IDLE =
            "\\{\"queued\":0,\"running\":0,\"done\":(\\d+),\"failed\":0,\"dead\":0,\"fenced\":0,\"nodes\":1}";

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    private Path directory;

    private Program start() {
        return programs.start(
                Launch.of("DurableQueue", "--port", 0, "--store", directory.resolve("q.db"), "--ledger", ledger()));
    }

    private Path ledger() {
        return directory.resolve("ledger");
    }

    private List<String> ledgerLines() throws IOException {
        return Files.exists(ledger()) ? Files.readAllLines(ledger()) : List.of();
    }

    @Test
    void storedLine_isInTheLedger_underItsId_once() throws IOException {
        var program = start();
        try (var client = new LineClient(program.port())) {
            for (int i = 0; i < 20; i++) {
                client.send("line " + i);
            }
            assertThat(client.read(20)).allMatch(answer -> answer.matches("stored \\d+"));
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(ledgerLines()).hasSize(20).contains("0 line 0", "19 line 19");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void killedWhole_atAnyMoment_nothingStoredIsMissing_andNothingSettledRunsAgain(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var stored = new ArrayList<String>();
        for (int round = 0; round < 3; round++) {
            var program = start();
            Set<String> settled;
            int linesBefore;
            try (var client = new LineClient(program.port())) {
                send(client, round + ".first", 20).forEach(answer -> stored.add(id(answer)));
                await().until(() -> client.ask("stats").matches(IDLE));
                settled = Set.copyOf(idsOf(ledgerLines()));
                linesBefore = ledgerLines().size();
                int count = 20 + random.nextInt(200);
                IntStream.range(0, count).forEach(i -> client.send("second " + i));
                client.read(random.nextInt(count)).forEach(answer -> stored.add(id(answer)));
                program.kill();
                assertThat(program.exitCode()).isEqualTo(137);
                awaitChildrenGone(program);
            }
            var next = start();
            try (var client = new LineClient(next.port())) {
                await().until(() -> client.ask("stats").matches(IDLE));
            }
            assertThat(next.stop()).isZero();
            var ranSince = new HashSet<>(
                    idsOf(ledgerLines().subList(linesBefore, ledgerLines().size())));
            ranSince.retainAll(settled);
            assertThat(ranSince).as("settled before the kill and run again").isEmpty();
            assertThat(missing(stored)).isEmpty();
        }
        assertThat(stored).doesNotHaveDuplicates();
    }

    private static List<String> send(LineClient client, String text, int count) {
        IntStream.range(0, count).forEach(i -> client.send(text + i));
        return client.read(count);
    }

    @Test
    void killedChildren_nothingIsMissing() throws IOException {
        var program = start();
        var stored = new ArrayList<String>();
        try (var client = new LineClient(program.port())) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 100; i++) {
                    client.send("line " + round + "." + i);
                }
                client.read(50).forEach(answer -> stored.add(id(answer)));
                program.children().forEach(ProcessHandle::destroyForcibly);
                client.read(50).forEach(answer -> stored.add(id(answer)));
            }
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(stored).hasSize(400).doesNotHaveDuplicates();
        assertThat(missing(stored)).isEmpty();
    }

    @Test
    void secondProgramOnTheStore_isRefused_withItsName() {
        var program = start();
        program.port();
        var second = start();

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.errors())
                .anyMatch(line -> line.contains(directory.resolve("q.db").toString()));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("a line")).startsWith("stored ");
        }
    }

    @Test
    void answers_comeInTheOrderOfTheLines_refusalsAmongThem() throws IOException {
        var program = start();
        try (var client = new LineClient(program.port())) {
            client.send("one").send("stats").send("two");
            assertThat(client.read()).isEqualTo("stored 0");
            assertThat(client.read()).startsWith("{\"queued\":");
            assertThat(client.read()).isEqualTo("stored 1");

            limitFiles(program.pid(), "1");
            client.send("three").send("stats");
            assertThat(client.read())
                    .startsWith("not stored, send it again later: the task log ")
                    .doesNotContain("Exception");
            assertThat(client.read()).startsWith("{\"queued\":");

            limitFiles(program.pid(), "unlimited");
            assertThat(client.ask("three")).isEqualTo("stored 3");
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(ledgerLines()).containsExactlyInAnyOrder("0 one", "1 two", "3 three");
    }

    @Test
    void ledgerThatHasNoRoom_isSaid_holdsWholeLinesOnly_andGetsTheRestLater() throws IOException {
        var program = start();
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("one")).isEqualTo("stored 0");
            await().until(() -> client.ask("stats").matches(IDLE));
            program.children().forEach(child -> limitFiles(child.pid(), "10"));

            assertThat(client.ask("two, which is longer")).isEqualTo("stored 1");
            program.awaitLine("^task 1, tried again each second: cannot write to " + ledger() + ": ");
            assertThat(Files.readString(ledger())).isEqualTo("0 one\n");

            program.children().forEach(child -> limitFiles(child.pid(), "unlimited"));
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(Files.readString(ledger())).isEqualTo("0 one\n1 two, which is longer\n");
    }

    @Test
    void halfALine_leftByAWriterThatWasKilled_goes() throws IOException {
        Files.writeString(ledger(), "7 whole\n8 ha");
        var program = start();
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("one")).isEqualTo("stored 0");
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(ledgerLines()).containsExactly("7 whole", "0 one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/full", "/nowhere/ledger", "/tmp"})
    void ledgerThatCannotBeWritten_isRefused_inOneLine_andLeavesNoStore(String wrong) {
        var store = directory.resolve("q.db");
        var program = programs.start(Launch.of("DurableQueue", "--port", 0, "--store", store, "--ledger", wrong));

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors())
                .singleElement()
                .asString()
                .startsWith("durable-queue: ")
                .contains("--ledger", "'" + wrong + "'");
        assertThat(store).doesNotExist();
    }

    /** How long the files may become that a process writes: beyond it, writing fails as on a full disk. */
    private static void limitFiles(long pid, String bytes) {
        try {
            var command = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + bytes + ":");
            assertThat(command.inheritIO().start().waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What was stored and is not in the ledger. */
    private Set<String> missing(List<String> stored) throws IOException {
        var missing = new HashSet<>(stored);
        idsOf(ledgerLines()).forEach(missing::remove);
        return missing;
    }

    private static void awaitChildrenGone(Program program) {
        await().until(() -> program.children().isEmpty());
    }

    private static String id(String answer) {
        assertThat(answer).matches("stored \\d+");
        return answer.substring("stored ".length());
    }

    private static List<String> idsOf(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }
}
