package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Unheard;
import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs say of failures that they do not handle. */
@Tag("processes")
class LogTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"EVENT_LOOP", "IN_PROCESS", "CHILDREN"})
    void whatAClientSays_isOneLine_withoutWhatATerminalObeys(String placement) {
        var program = programs.start(Unheard.class, placement);
        try (var client = new RawClient(program.port())) {
            client.send("x\r\n2026-01-01 ERROR forged\u001b[2J\u0007\n\tat forged(Forged.java)".getBytes(UTF_8));
            client.awaitClose();
        }
        var said = await().until(
                        () -> everything(program),
                        lines -> lines.stream()
                                .anyMatch(line ->
                                        line.contains("no command: x\\r\\n2026-01-01 ERROR forged\\u001b[2J\\u0007")));
        assertThat(said).noneMatch(line -> line.startsWith("2026-01-01 ERROR forged"));
        assertThat(String.join("\n", said)).doesNotContain("\u001b", "\u0007", "\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EVENT_LOOP", "CHILDREN"})
    void withoutALogger_warningsAndErrorsGoToStandardError(String placement) {
        var program = programs.start(withoutLogger(placement));
        try (var client = new RawClient(program.port())) {
            client.send("nonsense".getBytes(UTF_8));
            client.awaitClose();
        }
        await().untilAsserted(() -> assertThat(program.errors())
                .anySatisfy(
                        line -> assertThat(line).startsWith("ERROR dev.shunt.").contains("handler", "threw"))
                .anySatisfy(line -> assertThat(line).contains("IllegalArgumentException: no command: nonsense")));
    }

    @Test
    void exceptionWithAMessageOfManyMegabytes_isCut_andItsProcessLivesOn() {
        var program = programs.start(Unheard.class, "EVENT_LOOP");
        try (var client = new LineClient(program.port())) {
            String pid = client.ask("pid");
            for (var command : List.of("long", "long cause")) {
                assertThat(client.ask(command))
                        .matches("failed java.lang.IllegalStateException \\d{5} \\d{5}")
                        .doesNotMatch(".* [2-9]\\d{4}.*");
            }
            assertThat(client.ask("pid")).isEqualTo(pid);
        }
    }

    @Test
    void manyTasksThatWait_whenTheProgramStops_areOneWarning() {
        var program = programs.start(Unheard.class, "EVENT_LOOP");
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("tasks 20000")).isEqualTo("submitted");
            program.stop();
        }
        assertThat(everything(program))
                .filteredOn(line -> line.contains("rejected"))
                .singleElement()
                .asString()
                .contains("tasks that had not started are rejected");
        assertThat(everything(program)).hasSizeLessThan(50);
    }

    private static List<String> everything(Program program) {
        return Stream.concat(program.lines().stream(), program.errors().stream())
                .toList();
    }

    /** The class path of this JVM but for the jars of its logger. */
    private static Launch withoutLogger(String placement) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(part -> !part.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
        return Launch.java("-cp", classPath, Unheard.class.getName(), placement);
    }
}
