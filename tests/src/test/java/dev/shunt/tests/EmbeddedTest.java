package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.server.Server;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.tests.programs.Embedded;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;

/** Servers in a JVM whose main cannot be run again: this test's own. More than one, one after the other. */
@Tag("processes")
class EmbeddedTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    @RepeatedTest(2)
    void inProcess_withoutChildren() throws Exception {
        var server = Embedded.server().set(settings -> settings.inProcess(true));
        assertThat(answerOf(server)).isEqualTo("done 0 hello by " + OWN_PID);
    }

    @RepeatedTest(2)
    void withChildren_thatRunAMainClassOfTheirOwn() throws Exception {
        assertThat(answerOf(Embedded.server())).matches("done 0 hello by \\d+").doesNotContain(" " + OWN_PID);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    private static String answerOf(Server server) throws InterruptedException, ExecutionException, TimeoutException {
        var port = new CompletableFuture<Integer>();
        server.onStart(() -> port.complete(server.endpoint().port()));
        var end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
        try (var client = new LineClient(port.get(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))) {
            return client.ask("hello");
        } finally {
            server.shutdown();
            end.get(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
