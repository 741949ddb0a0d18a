package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.plan.Placement;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.tests.programs.TaskServer;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The program of {@link TaskContractTest} on a manual engine: it agrees. */
@ParameterizedClass
@EnumSource
class ManualTaskContractTest extends TaskContract {

    private final Placement placement;
    private final ManualEngine engine;

    ManualTaskContractTest(Placement placement) {
        this.placement = placement;
        engine = ManualEngine.of(TaskServer.of(
                "--workers",
                String.valueOf(WORKERS),
                "--task-workers",
                "3",
                "--task-processes",
                "1",
                "--placement",
                placement.name().toLowerCase(Locale.ROOT)));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Override
    boolean onEventLoop() {
        return placement == Placement.EVENT_LOOP;
    }

    @Override
    TaskClient client() {
        var client = engine.connect();
        return new TaskClient(new TaskClient.Lines() {

            private int next;

            @Override
            public void send(String line) {
                client.send(line);
            }

            @Override
            public String read() {
                engine.runDue();
                while (client.received().size() <= next) {
                    assertThat(engine.runNext()).as("something is due").isTrue();
                }
                return client.received().get(next++);
            }

            @Override
            public void close() {
                client.close();
            }
        });
    }

    @Test
    void failedTask_isRunAgain_whenItsTimeHasCome() {
        try (var client = client()) {
            long unlucky = client.submitWithRetries(1, "throw always");
            assertThat(client.result(unlucky)).startsWith("failed java.lang.IllegalStateException: always");
        }
        assertThat(engine.stats().tasks().retried()).isEqualTo(1);
    }

    @Test
    void lostTask_isTold() {
        try (var client = client()) {
            engine.loseNext();
            assertThat(client.run("echo a")).startsWith("lost killed by the test");
            assertThat(client.run("echo b")).isEqualTo("done b");
        }
    }
}
