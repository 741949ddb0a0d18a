package dev.shunt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadmeTest {

    @ParameterizedTest
    @ValueSource(strings = {"SwooleTask", "CreateAsyncTask", "TaskWorker", "WebsocketFront"})
    void readme_printsEachProgramAsItIs(String program) throws IOException {
        var source = Files.readString(Path.of("src/main/java", program + ".java"));

        assertThat(Files.readString(Path.of("../README.md")))
                .contains("```java\n" + source + "```\n");
    }
}
