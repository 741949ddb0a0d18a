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
    void resultThatComesLater_isWaitedFor_alsoIfItComesInTwoSteps() {
        try (var client = client()) {
            assertThat(client.run("later echo late")).isEqualTo("done late");
            assertThat(client.run("later later echo later still")).isEqualTo("done later still");
            assertThat(client.run("future echo a future")).isEqualTo("done a future");
            assertThat(client.run("later nothing")).isEqualTo("done");
            assertThat(client.run("later finish in between")).isEqualTo("done in between");
        }
    }

    @Test
    void resultThatNeverComes_isTheTasksEnd() {
        try (var client = client()) {
            assertThat(client.run("later throw up")).startsWith("failed java.lang.IllegalStateException: up at ");
            assertThat(client.run("later later throw up")).startsWith("failed java.lang.IllegalStateException: up at ");
            assertThat(client.run("future throw up")).startsWith("failed java.lang.IllegalStateException: up at ");
            assertThat(client.run("later-cancelled")).isEqualTo("cancelled");
        }
    }

    @Test
    void resultThatComesByACallbackOnTheSameSlot_isNotWaitedForInVain() {
        try (var client = client()) {
            assertThat(client.run("later-nested echo inner")).matches("done done \\d+ inner");
            assertThat(client.run("later-nested later-nested echo inner")).matches("done done \\d+ done \\d+ inner");
        }
    }

    @Test
    void resultThatCannotBeEncoded_isAFailure_fromWhereItIsGiven() {
        try (var client = client()) {
            assertThat(client.run("return-unencodable")).startsWith("failed java.lang.IllegalArgumentException");
            assertThat(client.run("later return-unencodable")).startsWith("failed java.lang.IllegalArgumentException");
            assertThat(client.run("finish-unencodable"))
                    .startsWith("failed java.lang.IllegalArgumentException")
                    .contains("dev.shunt.task.Task.finish");
            assertThat(client.run("server-finish-unencodable"))
                    .startsWith("failed java.lang.IllegalArgumentException")
                    .contains("dev.shunt.task.Task.finish");
            assertThat(client.run("progress-unencodable"))
                    .startsWith("failed java.lang.IllegalArgumentException")
                    .contains("dev.shunt.task.Task.progress");
            assertThat(client.run("finish-later"))
                    .startsWith("failed java.lang.IllegalArgumentException")
                    .contains("java.util.concurrent.CompletableFuture");
            assertThat(client.run("echo on we go")).isEqualTo("done on we go");
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
