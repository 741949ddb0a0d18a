package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first program of README and guide, started as a source file; on another port, for its own may be taken. */
@Tag("processes")
class FirstProgramTest {

    @Test
    void program_printsWhatTheGuideSays(@TempDir Path directory) throws IOException {
        var source = Files.readString(Path.of("../examples/src/main/java/FirstProgram.java"));
        var file = Files.writeString(directory.resolve("FirstProgram.java"), source.replace("9501", "0"));
        try (var program = Program.start(Launch.java("-cp", System.getProperty("java.class.path"), file));
                var client = new LineClient(program.port())) {
            client.send("hello");
            program.awaitLine("^dispatched task 0$");
            assertThat(program.awaitLine("^task 0 runs in process (\\d+)$").group(1))
                    .isNotEqualTo(String.valueOf(program.pid()));
            program.awaitLine("^task 0: hello$");
            program.awaitLine("^ -> OK$");
        }
    }
}
