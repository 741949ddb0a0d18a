package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a start throws, it is a failed start, and the place is not forgotten. */
@Tag("processes")
class FailedStartTest {

    /** More than would end a program that has never run. */
    private static final int OFTEN = RestartPolicy.DEFAULT.firstStarts() + 1;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test makes its own
    private TestManager manager;

    static Stream<Throwable> problems() {
        return Stream.of(
                new IOException("error=11, Resource temporarily unavailable"),
                new IllegalStateException("a bug"),
                new OutOfMemoryError("unable to create native thread"),
                new InternalError("a fault occurred in an unsafe memory access operation"));
    }

    @AfterEach
    void end() throws IOException {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("problems")
    void startOfASuccessor_thatThrows_isTriedUntilItWorks_theOldOneServes(Throwable problem) throws Exception {
        manage();
        var old = manager.ready.getFirst();
        manager.startProblem.set(problem);
        manager.replace(old);
        eventually(() -> manager.failedStarts.get() >= OFTEN);
        manager.lease(old, 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));
        assertThat(manager.events).containsExactly("ready 0 serial 1");
        manager.startProblem.set(null);
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events)
                .containsExactly(
                        "ready 0 serial 1", "retiring 0 serial 1", "ready 0 serial 2", "down 0 serial 1 exit code 0");
    }

    @ParameterizedTest
    @MethodSource("problems")
    void startAfterADeath_thatThrows_isTriedUntilItWorks(Throwable problem) throws Exception {
        manage();
        manager.startProblem.set(problem);
        kill();
        eventually(() -> manager.failedStarts.get() >= OFTEN);
        manager.startProblem.set(null);
        eventually(() -> manager.ready.size() == 2);
    }

    /** Who was to be replaced dies while nobody can be started. */
    @Test
    void childThatDies_whileTheStartOfItsSuccessorThrows_hasASuccessorAllTheSame() throws Exception {
        manage();
        manager.startProblem.set(new OutOfMemoryError("unable to create native thread"));
        manager.replace(manager.ready.getFirst());
        eventually(() -> manager.failedStarts.get() >= 1);
        kill();
        eventually(() -> manager.failedStarts.get() >= OFTEN);
        manager.startProblem.set(null);
        eventually(() -> manager.ready.size() == 2);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void firstStart_thatThrows_failsAfterThreeTries_andSaysWhy(Throwable problem) throws Exception {
        manager = new TestManager(directory, 1, "normal");
        manager.startProblem.set(problem);
        manager.start();
        eventually(() -> !manager.events.isEmpty());
        assertThat(manager.events)
                .singleElement()
                .asString()
                .startsWith("startFailed test 0 ")
                .contains(problem.toString());
        assertThat(manager.failedStarts).hasValue(RestartPolicy.DEFAULT.firstStarts());
    }

    @Test
    void errorOfWhoHearsOfADeath_doesNotKeepThePlaceFromItsSuccessor() throws Exception {
        manage();
        manager.downProblem.set(new OutOfMemoryError("unable to create native thread"));
        kill();
        eventually(() -> manager.ready.size() == 2);
    }

    /** The JDK would tell of the end of a process on the common pool, which may be the program's for as long as it likes. */
    @Test
    void endOfAChild_isHeard_whileTheCommonPoolIsBusy() throws Exception {
        manage();
        var busy = new CountDownLatch(1);
        try {
            IntStream.rangeClosed(0, 2 * ForkJoinPool.getCommonPoolParallelism())
                    .forEach(_ -> ForkJoinPool.commonPool().execute(() -> awaitQuietly(busy)));
            kill();
            eventually(() -> manager.ready.size() == 2);
        } finally {
            busy.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void manage() throws Exception {
        manager = new TestManager(directory, 1, "normal");
        manager.start();
        eventually(() -> manager.ready.size() == 1);
    }

    private void kill() {
        assertThat(ProcessHandle.of(manager.ready.getFirst().pid())
                        .orElseThrow()
                        .destroyForcibly())
                .isTrue();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
