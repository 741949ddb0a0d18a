package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large payloads that have no room in memory and cannot be written to a file: there is none of their directory, as it might be full. */
@Tag("processes")
class UnwritablePayloadTest {

    private static final String LARGE = "x".repeat(100_000);

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void payloadFromTheManager_isAFailure_ofItsTaskAlone() throws IOException {
        var program = startWithoutSpool("event_loop");
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("task retries=1,backoff=1 echo " + LARGE);
            client.await("callback failed " + id + " java.io.IOException: .*payloads.*");
            assertThat(client.ask("stats", "\\{.*}")).contains("\"retried\":1,");
            assertServes(client);
        }
    }

    @Test
    void payloadFromAChild_throwsWhereItIsHandedOver() throws IOException {
        var program = startWithoutSpool("children");
        try (var client = new WorkbenchClient(program.port())) {
            client.send("task - echo " + LARGE);
            client.await("refused .*payloads.*");
            assertServes(client);
        }
    }

    @Test
    void result_isAFailure() throws IOException {
        var program = startWithoutSpool("event_loop");
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("task - long 100000");
            client.await("callback failed " + id + " .*payloads.*");
            assertServes(client);
        }
    }

    private static Program startWithoutSpool(String placement) throws IOException {
        var program = programs.start(Workbench.class, "--placement", placement, "--payload-memory", 0);
        program.port();
        Path directory = RunDirectories.in(programs.directory()).getFirst();
        Files.move(directory.resolve("payloads"), directory.resolve("elsewhere"));
        Files.createFile(directory.resolve("payloads"));
        return program;
    }

    private static void assertServes(WorkbenchClient client) {
        long id = client.task("task - echo small");
        client.await("callback done " + id + " small @.*");
    }
}
