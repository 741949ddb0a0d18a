package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Faltering;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A start callback that throws in a successor: it is tried again until it does not, and the task waits. */
@Tag("processes")
class StartCallbackTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void successorThatCannotStart_isReplacedUntilOneCan(@TempDir Path directory) throws Exception {
        Path down = directory.resolve("down");
        var program = programs.start(Faltering.class, "--down", down);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("first")).contains("first in ");
            Files.createFile(down);
            program.children().forEach(ProcessHandle::destroyForcibly);
            Awaitility.await()
                    .until(() -> program.errors().stream().anyMatch(line -> line.contains("the database is down")));
            client.send("second");
            Files.delete(down);

            assertThat(client.read()).contains("second in ");
        }
    }
}
