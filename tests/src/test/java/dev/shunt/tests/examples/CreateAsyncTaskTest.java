package dev.shunt.tests.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example create-async-task}: seed 004. */
@Tag("processes")
class CreateAsyncTaskTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void answersTheClient_andPrintsTheLinesOfTheSeed() {
        var program = programs.start(Launch.of("CreateAsyncTask", "--port", 0));
        try (var client = new RawClient(program.port())) {
            client.send("hello".getBytes(US_ASCII));
            assertThat(new String(client.read(13), US_ASCII)).isEqualTo("Server: hello");
            String id = program.awaitLine("^Async task (\\d+) result : hello ->finished")
                    .group(1);
            program.awaitLine("^Dispatch async task: id = " + id + "$");
            program.awaitLine("^Receive new task, id : " + id + "$");
        }
        assertThat(program.stop()).isZero();
        assertThat(program.complaints()).isEmpty();
    }
}
