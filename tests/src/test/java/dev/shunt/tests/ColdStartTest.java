package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Cold;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first message of a program that has just started finds it warm, without an AOT cache, and with the JIT as a user has
 * it: its task, with a record each way, ends within the half second that {@code taskWait} waits, and nobody is warned of.
 * Ten starts; {@code -Dshunt.cold.rounds=2} for twenty.
 */
@Tag("processes")
@Tag("alone")
class ColdStartTest {

    private static final List<String> FORMS = List.of(
            "server CHILDREN CHILDREN",
            "server EVENT_LOOP CHILDREN",
            "server IN_PROCESS CHILDREN",
            "server IN_PROCESS IN_PROCESS",
            "server EVENT_LOOP IN_PROCESS",
            "worker CHILDREN CHILDREN",
            "worker EVENT_LOOP CHILDREN",
            "worker CHILDREN IN_PROCESS",
            "worker IN_PROCESS CHILDREN",
            "worker IN_PROCESS IN_PROCESS");

    /** Those of the program's own handlers, and what links them to ours. */
    private static final int FEW_CLASSES = 60;

    @RegisterExtension
    static final Programs programs = new Programs();

    static Stream<String> starts() {
        return Collections.nCopies(Integer.getInteger("shunt.cold.rounds", 1), FORMS).stream()
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("starts")
    void firstMessage_whileAllCoresAreBusy_isAnsweredInTime(String form) throws IOException {
        var busy = busy();
        try {
            var program = programs.start(launch(form.split(" ", -1)));
            try (var client = new LineClient(program.port())) {
                assertThat(client.ask("ann")).as(form).isEqualTo("billed 9.5");
            }
            assertThat(program.stop()).isZero();
            assertThat(program.errors()).as(form).isEmpty();
        } finally {
            busy.forEach(Process::destroyForcibly);
        }
    }

    @ParameterizedTest
    @CsvSource({"CHILDREN, CHILDREN", "EVENT_LOOP, IN_PROCESS", "IN_PROCESS, CHILDREN"})
    void firstMessage_loadsNextToNoClasses(String handlers, String tasks, @TempDir Path directory) throws IOException {
        var manager = directory.resolve("manager");
        var children = directory.resolve("children");
        var program = programs.start(launch("server", handlers, tasks, "-Xlog:class+load:file=" + children)
                .withOptions("-Xlog:class+load:file=" + manager));
        try (var client = new LineClient(program.port())) {
            int ofManager = lines(manager);
            int ofChildren = lines(children);
            assertThat(client.ask("ann")).isEqualTo("billed 9.5");
            assertThat(lines(manager) - ofManager).as("classes of the manager").isLessThan(FEW_CLASSES);
            assertThat(lines(children) - ofChildren).as("classes of a child").isLessThan(FEW_CLASSES);
        }
    }

    private static int lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private static Launch launch(String... arguments) {
        return Launch.java("-cp", System.getProperty("java.class.path"), Cold.class.getName())
                .withArguments((Object[]) arguments)
                .withoutOptions()
                .withOptions("--enable-native-access=ALL-UNNAMED");
    }

    private static List<Process> busy() throws IOException {
        var busy = new ArrayList<Process>();
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done")
                    .redirectOutput(Redirect.DISCARD)
                    .start());
        }
        return busy;
    }
}
