package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.shunt.Shunt;
import dev.shunt.data.Codec;
import dev.shunt.plan.ControlSettings;
import dev.shunt.pool.TaskException;
import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandle;
import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Pooled;
import dev.shunt.tests.programs.Pooled.Count;
import dev.shunt.tests.programs.Pooled.Fail;
import dev.shunt.tests.programs.Pooled.Stand;
import dev.shunt.tests.programs.Pooled.Sum;
import dev.shunt.tests.programs.Pooled.Where;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A pool as a program with a main of its own uses it. Most tests share one, whose children run {@link Pooled}'s main. */
@Tag("processes")
class TaskPoolTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    @RegisterExtension
    static final Programs programs = new Programs();

    private static TaskPool pool;
    private static Gate gate;

    @BeforeAll
    static void start() {
        gate = new Gate();
        pool = Pooled.builder().start();
    }

    @AfterAll
    static void end() {
        gate.close();
        pool.close();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void await_onAnyThread_isTheResultOfAChild() throws Exception {
        assertThat(text(pool.await(new Where("here"))))
                .matches("here in \\d+ child true attempt 1 args .*")
                .doesNotContain(" " + OWN_PID);
        try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = virtual.invokeAll(IntStream.range(0, 20)
                    .<Callable<Result>>mapToObj(number -> () -> pool.await(new Where("v" + number)))
                    .toList());
            for (var each : all) {
                assertThat(each.get()).isInstanceOf(Result.Done.class);
            }
        }
        assertThat(Shunt.isChild()).isFalse();
    }

    @Test
    void awaitOfAHandle_withATimeout_doesNotStopTheTask() throws InterruptedException {
        var task = pool.submit(new Stand(gate.port(), "slow"));
        var visitor = gate.await();
        assertThat(task.await(Duration.ofMillis(1))).isInstanceOf(Result.TimedOut.class);
        visitor.release("after all");
        assertThat(text(task.await())).isEqualTo("after all");
    }

    record Shout(String text) {}

    /** Of one type: its text, in capitals. */
    private static final class Capitals implements Codec {

        @Override
        public byte[] encode(Object value) {
            return ((Shout) value).text().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T decode(byte[] bytes, Class<T> type) {
            return type.cast(new Shout(new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    @Test
    void codecOfItsOwn_encodesAndDecodesItsTasks() throws InterruptedException {
        try (var loud = TaskPool.builder("loud")
                .inProcess()
                .slots(1)
                .codec(new Capitals())
                .answer(Shout.class, Shout::text)
                .start()) {
            assertThat(text(loud.await(new Shout("ciao")))).isEqualTo("CIAO");
        }
    }

    @Test
    void control_opensWhatAServerOpens(@TempDir Path directory) throws InterruptedException {
        int port = Ports.free();
        try (var seen = TaskPool.builder("seen")
                .inProcess()
                .slots(1)
                .control(all -> all.withRunDirectory(directory).withProgramName("of a pool"))
                .control(all -> all.withMetrics(new ControlSettings.Probes("127.0.0.1", port)))
                .answer(Shout.class, Shout::text)
                .start()) {
            seen.await(new Shout("ciao"));
            var control = new ControlSocket(directory.resolve("control"));
            assertThat(control.get("/api/v1/status").fields()).containsEntry("program", "of a pool");
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("shunt_slots{group=\"seen\"} 1.0", "shunt_tasks_ended_total{outcome=\"done\"");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void handlerThatThrows_isAResult() throws InterruptedException {
        assertThat(pool.await(new Fail("no disk")))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.failure().message()).isEqualTo("no disk"));
    }

    @Test
    void executorView_sendsWhatHasAHandler_andReadsItsResult() throws Exception {
        var executor = pool.asExecutorService();
        assertThat(executor.submit(new Sum(List.of(1, 2, 3))).get()).containsExactly(6);
        assertThat(executor.invokeAll(List.of(new Sum(List.of(1)), new Sum(List.of(2, 2)))))
                .extracting(future -> future.get().getFirst())
                .containsExactly(1, 4);
        assertThat(executor.invokeAny(List.of(new Sum(List.of(7))))).containsExactly(7);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(new Fail("of the executor")).get())
                .withCauseInstanceOf(TaskException.class)
                .withMessageContaining("of the executor");
    }

    @Test
    void executorView_cancel_interruptsTheTask() {
        var future = pool.asExecutorService().submit(new Stand(gate.port(), "to be cancelled"));
        var visitor = gate.await();
        assertThat(future.cancel(true)).isTrue();
        visitor.awaitGone();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
    }

    @Test
    void executorView_lambda_isRefusedWithTheRemedy() {
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> pool.asExecutorService().submit(() -> "here"))
                .withMessageContaining("cannot be sent to a child")
                .withMessageContaining("Make it a record that implements Callable or Runnable")
                .withMessageContaining("answer(Type.class, Type::call)");
    }

    @Test
    void resized_moreChildrenShareWhatIsCounted_andThoseThatAreTooManyEnd() throws Exception {
        assertThat(pool.resize(2).toCompletableFuture().get().children()).isEqualTo(2);
        Awaitility.await().atMost(Program.PATIENCE).until(() -> placesOf(new Where("any")) == 2);
        pool.atomic("counts").set(10);
        var counts = Stream.generate(() -> pool.submit(new Count()))
                .limit(20)
                .map(task -> task.result().toCompletableFuture().join())
                .map(TaskPoolTest::text)
                .toList();
        assertThat(counts)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(11, 30)
                        .mapToObj(total -> total + " starts 1")
                        .toList());
        assertThat(pool.atomic("counts").get()).isEqualTo(30);
        pool.resize(1).toCompletableFuture().get();
        Awaitility.await()
                .atMost(Program.PATIENCE)
                .until(() -> ProcessHandle.current().children().count() == 1);
        assertThat(placesOf(new Where("one"))).isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.resize(0).toCompletableFuture().get())
                .withMessageContaining("a group has 1 to 1000 children");
    }

    /** Of how many processes come answers of tasks that were asked for together. */
    private static long placesOf(Object task) {
        return IntStream.range(0, 50).mapToObj(_ -> pool.submit(task)).toList().stream()
                .map(each -> text(each.result().toCompletableFuture().join()))
                .map(text -> text.replaceAll(".* in (\\d+) .*", "$1"))
                .distinct()
                .count();
    }

    @Test
    void close_runsWhatWaits_andEveryResultIsComplete() throws Exception {
        var own = Pooled.builder().inProcess().slots(1).start();
        var tasks = stands(own, 3);
        var first = gate.await();
        var end = CompletableFuture.runAsync(own::close, Thread::startVirtualThread);
        Awaitility.await().until(() -> !own.isOpen());
        assertThatIllegalStateException()
                .isThrownBy(() -> own.submit(new Where("late")))
                .withMessage("the task pool 'pooled' is closed and takes no more tasks");
        first.release("a");
        gate.await().release("b");
        gate.await().release("c");
        end.get(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(tasks).extracting(TaskPoolTest::textNow).containsExactly("a", "b", "c");
        assertThat(own.stats().tasks().done()).isEqualTo(3);
    }

    @Test
    void close_whenTheTimeIsOver_rejectsWhatWaits_andWhatRunsIsLost() {
        var own = Pooled.builder()
                .drainTimeout(Duration.ofMillis(100))
                .stopTimeout(Duration.ofMillis(100))
                .start();
        var tasks = stands(own, 3);
        gate.await(2);
        own.close();
        assertThat(tasks.getFirst().result().toCompletableFuture().getNow(null)).isInstanceOf(Result.Lost.class);
        assertThat(tasks.getLast().result().toCompletableFuture().getNow(null)).isInstanceOf(Result.Rejected.class);
    }

    @Test
    void closeNow_rejectsWhatWaits_andWhatRunsEnds() {
        var own = Pooled.builder().inProcess().slots(1).start();
        var tasks = stands(own, 2);
        var first = gate.await();
        var end = CompletableFuture.runAsync(own::closeNow, Thread::startVirtualThread);
        assertThat(tasks.getLast().result().toCompletableFuture().join()).isInstanceOf(Result.Rejected.class);
        first.release("in time");
        end.join();
        assertThat(textNow(tasks.getFirst())).isEqualTo("in time");
    }

    @Test
    @SuppressWarnings("try") // what close does is the point
    void callbacks_runOnTheGivenExecutor_andBeforeCloseReturns() {
        var names = new CompletableFuture<String>();
        try (var executor = Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("callbacks-of-the-test").factory());
                var own =
                        Pooled.builder().inProcess().callbackExecutor(executor).start()) {
            var _ = own.submit(new Where("x"))
                    .result()
                    .thenRun(() -> names.complete(Thread.currentThread().getName()));
            own.close();
            assertThat(names.getNow("too late")).isEqualTo("callbacks-of-the-test");
        }
    }

    @Test
    void closeByAHandler_isRefused() throws InterruptedException {
        var own = new CompletableFuture<TaskPool>();
        own.complete(TaskPool.builder()
                .inProcess()
                .handle(Where.class, (_, _) -> own.join().close())
                .start());
        assertThat(own.join().await(new Where("inside"))).asString().contains("would wait for its own end");
        own.join().close();
    }

    @Test
    void twoPoolsOfAProgram_closeInAShutdownHook_withAllResults() {
        var program = programs.start(Pooled.class, "gate", gate.port());
        program.awaitLine("ready");
        var first = gate.await();
        program.terminate();
        first.release("first");
        gate.await().release("second");
        gate.await().release("third");
        assertThat(program.exitCode()).isEqualTo(143);
        assertThat(program.lines())
                .contains("closed; complete: true", "alive 0")
                .filteredOn(line -> line.startsWith("result Done"))
                .hasSize(3);
        assertThat(program.lines()).filteredOn("main of the manager"::equals).hasSize(1);
        assertThat(program.lines()).filteredOn("main of a child"::equals).hasSize(2);
        assertThat(program.lines()).filteredOn("only in the manager"::equals).hasSize(1);
        assertThat(program.complaints()).isEmpty();
    }

    private static List<TaskHandle> stands(TaskPool pool, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> pool.submit(new Stand(gate.port(), "stand " + number)))
                .toList();
    }

    private static String textNow(TaskHandle task) {
        return text(task.result().toCompletableFuture().getNow(null));
    }

    private static String text(Result result) {
        assertThat(result).isInstanceOf(Result.Done.class);
        return ((Result.Done) result).data().text();
    }
}
