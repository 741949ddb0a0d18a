package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Hello;
import dev.shunt.tests.programs.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody cleans the temporary directory while a program runs there, whose large payloads are in files. */
@Tag("processes")
class CleanedTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private Program program;
    private LineClient client;
    private Path directory;

    @BeforeEach
    void start() {
        program = programs.start(Payloads.class, "--task-processes", 1, "--payload-memory", 0);
        client = new LineClient(program.port());
        directory = RunDirectories.in(programs.directory()).getFirst();
        assertThat(client.ask("bytes 200000")).isEqualTo("same 200000");
    }

    @AfterEach
    void stop() {
        client.close();
    }

    /** As systemd-tmpfiles does: what is old, and not protected. */
    @Test
    void cleanerThatRemovesWhatIsOld_leavesWhatIsNeeded() throws IOException {
        for (var file : Cleaner.all(directory)) {
            Cleaner.age(file);
        }
        Cleaner.removeOld(directory);
        assertThat(names()).contains("lock", "socket").anyMatch(name -> name.startsWith("slots-"));

        startAnother();
        assertGoesOn();
        assertThat(program.errors()).noneMatch(line -> line.contains("socket"));
    }

    @Test
    void withoutItsPayloads_largeOnesTravelOn() throws IOException {
        Files.delete(directory.resolve("payloads"));
        assertThat(client.ask("text 100000")).startsWith("same ");
        program.awaitLine("payloads was gone: removed by another program");
    }

    @Test
    void withoutAnyOfIt_goesOn_andSaysWhatHasHappened() throws IOException {
        for (var file : Cleaner.all(directory)) {
            Files.delete(file);
        }
        assertThat(client.ask("bytes 200000")).isEqualTo("same 200000");
        assertGoesOn();
        program.awaitLine("the socket " + directory.resolve("socket") + " is gone: removed by another program");
        await().until(() -> names().containsAll(List.of("lock", "socket", "payloads")));
        startAnother();
        assertThat(names()).contains("lock", "socket", "payloads");
        client.close();
        assertThat(program.stop()).isZero();
        assertThat(directory).doesNotExist();
    }

    /** Large payloads both ways, and a successor for a child that is killed. */
    private void assertGoesOn() {
        assertThat(client.ask("bytes 200000")).isEqualTo("same 200000");
        program.children().forEach(ProcessHandle::destroyForcibly);
        assertThat(client.ask("bytes 200001")).isEqualTo("same 200001");
    }

    /** It removes what dead managers have left. */
    private static void startAnother() {
        var another = programs.start(Hello.class);
        another.port();
        assertThat(another.stop()).isZero();
    }

    private List<String> names() {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
