package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What tasks promise of which a test needs nothing but a client: of a program, and of one that is stepped by hand. */
abstract class TaskContract {

    static final int WORKERS = 2;

    abstract TaskClient client();

    abstract boolean onEventLoop();

    @Test
    void returnedValue_isTheResult() {
        try (var client = client()) {
            assertThat(client.run("echo so it is")).isEqualTo("done so it is");
        }
    }

    @Test
    void finish_ofTaskOrServer_isTheSameAsReturning() {
        try (var client = client()) {
            assertThat(client.run("finish by the task")).isEqualTo("done by the task");
            assertThat(client.run("server-finish by the server")).isEqualTo("done by the server");
        }
    }

    @Test
    void finishTwice_orFinishAndReturn_theLastCounts() {
        try (var client = client()) {
            assertThat(client.run("finish-twice second")).isEqualTo("done second");
            assertThat(client.run("finish-and-return returned")).isEqualTo("done returned");
        }
    }

    @Test
    void finish_isOptional_theResultIsEmpty() {
        try (var client = client()) {
            assertThat(client.run("nothing")).isEqualTo("done");
        }
    }

    @Test
    void ids_areUnique_andResultsFindTheirTasks() {
        try (var client = client()) {
            var expected = LongStream.range(0, 300)
                    .boxed()
                    .collect(Collectors.toMap(i -> client.submit("echo " + i), i -> "done " + i));
            assertThat(expected).hasSize(300);
            assertThat(client.results(300)).isEqualTo(expected);
        }
    }

    @Test
    void task_knowsWhoAskedForIt() {
        try (var client = client()) {
            assertThat(client.run("source")).matches("done [0-" + (WORKERS - 1) + "]");
        }
    }

    @Test
    void taskWait_returnsTheResult_butIsRefusedOnAnEventLoop() {
        try (var client = client()) {
            client.send("wait 20000 echo waited for");
            assertThat(client.read()).matches(onEventLoop() ? "refused .*event loop.*" : "done \\d+ waited for");
            client.send("wait 20000 throw up");
            assertThat(client.read())
                    .matches(onEventLoop() ? "refused .*(placement|callback).*" : "failed \\d+ .*Exception: up .*");
        }
    }

    @Test
    void nestedTask_canBeWaitedFor_whileASlotIsFree() {
        try (var client = client()) {
            assertThat(client.run("nested-wait echo inner")).matches("done done \\d+ inner");
        }
    }
}
