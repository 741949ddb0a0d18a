package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of examples of which one needs another. */
@Tag("processes")
class ConsoleOptionsTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "--console 127.0.0.1:0 --console-user ops, --console-user and --console-password-file go together",
        "--console-password-file password, --console-user and --console-password-file go together",
        "--console-read-only, where is the console to be? Say --console HOST:PORT"
    })
    void optionThatLacksAnother_isWrongUse(String options, String problem) {
        var arguments = new ArrayList<Object>(
                List.of("--store", directory.resolve("q.db"), "--ledger", directory.resolve("ledger")));
        arguments.addAll(List.of(options.split(" ")));
        var program = programs.start(Launch.of("DurableQueue", arguments.toArray()));

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors()).containsExactly("durable-queue: " + problem + "; --help lists the options");
    }
}
