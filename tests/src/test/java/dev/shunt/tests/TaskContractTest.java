package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.TaskServer;
import dev.shunt.tests.programs.TaskWorkers;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What tasks promise, in either face, wherever they are asked for and wherever they run: one program, one suite. */
@Tag("processes")
@ParameterizedClass
@EnumSource
class TaskContractTest extends TaskContract {

    private static final int TASK_WORKERS = 3;

    /** Where {@code onReceive} or {@code onMessage} runs, and where {@code onTask} does. */
    enum Where {
        EVENT_LOOP_AND_CHILDREN("--placement event_loop --task-placement children"),
        EVENT_LOOP_AND_IN_PROCESS("--placement event_loop --task-placement in_process"),
        SLOTS_AND_CHILDREN("--placement in_process --task-placement children"),
        SLOTS_VIRTUAL_AND_CHILDREN("--placement in_process --virtual true --task-placement children"),
        CHILDREN_AND_CHILDREN("--placement children --task-placement children"),
        CHILDREN_VIRTUAL_AND_CHILDREN("--placement children --virtual true --task-placement children"),
        SWITCHED_IN_PROCESS("--placement children --task-placement children --in-process true"),
        WORKERS_EVENT_LOOP_AND_CHILDREN(TaskWorkers.class, "--placement event_loop --task-placement children"),
        WORKERS_CHILDREN_AND_CHILDREN(TaskWorkers.class, "--placement children --task-placement children"),
        WORKERS_SWITCHED_IN_PROCESS(
                TaskWorkers.class, "--placement children --task-placement children --in-process true");

        private final Class<?> program;
        private final String arguments;

        Where(String arguments) {
            this(TaskServer.class, arguments);
        }

        Where(Class<?> program, String arguments) {
            this.program = program;
            this.arguments = arguments;
        }

        boolean onEventLoop() {
            return arguments.contains("event_loop");
        }

        boolean tasksInChildren() {
            return arguments.contains("--task-placement children") && !arguments.contains("--in-process");
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final Where where;

    TaskContractTest(Where where) {
        this.where = where;
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(
                        where.program,
                        "--workers",
                        WORKERS,
                        "--task-workers",
                        TASK_WORKERS,
                        "--task-processes",
                        1,
                        "--gate",
                        gate.port())
                .withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    @AfterAll
    static void closeGate() {
        gate.close();
    }

    @Override
    boolean onEventLoop() {
        return where.onEventLoop();
    }

    @Override
    TaskClient client() {
        return new TaskClient(program.port());
    }

    @Test
    void task_returnsAtOnce_beforeItsTaskHasRun() {
        try (var client = client()) {
            long id = client.submit("gate a");
            var visitor = gate.await();
            assertThat(client.ask("ping")).isEqualTo("pong");
            visitor.release();
            assertThat(client.result(id)).isEqualTo("done passed a");
        }
    }

    @Test
    void resultWithoutCallback_isGivenToOnFinish_onTheWorkerThatAsked() {
        try (var client = client()) {
            String worker = client.ask("where").replaceFirst("worker (\\d+) .*", "$1");
            String id = client.ask("task-without-callback echo hello").replace("task ", "");
            program.awaitLine(
                    "^on worker " + (where.onEventLoop() ? worker : "\\d+") + " finish done " + id + " hello$");
        }
    }

    @Test
    void failureWithoutCallback_isGivenToOnTaskFailed() {
        try (var client = client()) {
            String id = client.ask("task-without-callback throw up").replace("task ", "");
            program.awaitLine("^on worker \\d+ task failed " + id + " java.lang.IllegalStateException: up at ");
            assertThat(program.lines()).noneMatch(line -> line.contains("finish done " + id + " "));
        }
    }

    @Test
    void callback_runsOnTheSlotThatAsked_inPlaceOfOnFinish() {
        try (var client = client()) {
            var ids = LongStream.range(0, 50)
                    .map(i -> client.submit("echo " + i))
                    .boxed()
                    .toList();
            client.results(50);
            assertThat(program.lines())
                    .noneMatch(line -> line.matches("result of .* asked on .*"))
                    .noneMatch(line -> ids.stream().anyMatch(id -> line.contains(" finish done " + id + " ")));
        }
    }

    @Test
    void throwingHandler_isAFailureWithTypeMessageAndStack_itsProcessLivesOn() {
        try (var client = client()) {
            String pid = client.run("pid");
            assertThat(client.run("throw nothing works"))
                    .startsWith("failed java.lang.IllegalStateException: nothing works at ")
                    .contains("dev.shunt.tests.programs.Jobs.run(Jobs.java:");
            assertThat(client.run("throw-cause outer"))
                    .startsWith("failed java.lang.IllegalStateException: outer at ")
                    .contains("Caused by: java.io.IOException: the cause");
            assertThat(client.run("throw-error serious")).startsWith("failed java.lang.AssertionError: serious at ");
            assertThat(client.run("unheard-of")).startsWith("failed ").contains("unknown verb 'unheard-of'");
            assertThat(client.run("pid")).isEqualTo(pid);
        }
    }

    @Test
    void whatIsSaidAfterTheHandlerHasEnded_isRefused_whereverItIsSaid() {
        try (var client = client()) {
            for (String job : List.of("echo a", "nothing", "later echo a", "throw up", "finish a")) {
                long id = client.submit("speak-after " + job);
                client.result(id);
                gate.await().release();
                program.awaitLine("^finished after task " + id + ": refused, finish\\(\\) of task " + id + " .*late");
                program.awaitLine(
                        "^progressed after task " + id + ": refused, progress\\(\\) of task " + id + " .*late");
            }
        }
    }

    @Test
    void whatHasNoEffectInProcess_isNamedAtTheStart_orWhenItIsCalled() {
        if (where.tasksInChildren()) {
            assertThat(program.errors()).noneMatch(line -> line.contains("without effect"));
            return;
        }
        assertThat(program.errors())
                .anyMatch(line -> line.matches(".*without effect: .*rocesses\\(1\\).*this process.*"));
        try (var client = client()) {
            client.send("reload-tasks");
            await().until(() -> program.errors().stream()
                    .anyMatch(line -> line.contains("a reload of ") && line.contains("has no effect")));
        }
    }

    @Test
    void slotOfATaskThatWaitsForItsResult_isTaken() {
        try (var client = client()) {
            for (int i = 0; i < TASK_WORKERS; i++) {
                client.submit("later gate a");
            }
            var visitors = gate.await(TASK_WORKERS);
            long next = client.submit("echo next");
            String stats = client.ask("stats");
            visitors.forEach(visitor -> visitor.release());
            assertThat(client.result(next)).isEqualTo("done next");
            client.results(TASK_WORKERS + 1);
            assertThat(stats).as("it waited").contains("\"queued\":1,").contains("\"running\":" + TASK_WORKERS + ",");
        }
    }

    @Test
    void failedTask_isRunAgain_asOftenAsItsOptionsAllow() {
        try (var client = client()) {
            long id = client.submitWithRetries(2, "gate a");
            gate.await().release("throw first");
            gate.await().release("throw second");
            var third = gate.await();
            assertThat(third.who()).startsWith("task " + id + " attempt 3 ");
            third.release("echo at last");
            assertThat(client.result(id)).isEqualTo("done at last");

            long unlucky = client.submitWithRetries(1, "throw always");
            assertThat(client.result(unlucky)).startsWith("failed java.lang.IllegalStateException: always");
        }
    }

    @Test
    void handlerThatLeavesItsThreadInterrupted_doesNotHarmTheNextTask() {
        try (var client = client()) {
            for (int i = 0; i < 2 * TASK_WORKERS; i++) {
                client.run("interrupt-myself");
            }
            long id = client.submit("gate after");
            gate.await().release();
            assertThat(client.result(id)).isEqualTo("done passed after");
        }
    }

    @Test
    void tasks_runInTheirPlace_onWorkersThatCountAfterTheEventWorkers() {
        try (var client = client()) {
            LongStream.range(0, TASK_WORKERS).forEach(_ -> client.submit("gate then worker"));
            gate.await(TASK_WORKERS).forEach(visitor -> visitor.release("worker"));
            assertThat(client.results(TASK_WORKERS).values())
                    .containsExactlyInAnyOrder("done " + WORKERS, "done " + (WORKERS + 1), "done " + (WORKERS + 2));
            boolean here = client.run("pid").equals("done " + program.pid());
            assertThat(here).isEqualTo(!where.tasksInChildren());
        }
    }

    @Test
    void taskWait_thatTimesOut_doesNotStopTheTask() {
        try (var client = client()) {
            if (where.onEventLoop()) {
                client.send("wait 50 gate a");
                assertThat(client.lines().read()).startsWith("refused ");
            } else {
                client.send("wait 50 gate a");
                assertThat(client.lines().read()).matches("timed-out \\d+");
                gate.await().release("echo unheard");
            }
            assertThat(client.run("echo next")).isEqualTo("done next");
        }
    }

    @Test
    void sendAndClose_fromATaskWorker() {
        try (var client = client();
                var other = client()) {
            String fd = other.ask("me").replace("connection ", "");
            assertThat(client.run("send " + fd + " from a task")).isEqualTo("done true");
            assertThat(other.lines().read()).isEqualTo("from a task");
            assertThat(client.run("close " + fd)).isEqualTo("done true");
            assertThat(other.lines().awaitClose()).isEmpty();
        }
    }

    @Test
    void nestedTask_runs_andItsResultComesBackToTheTaskWorker() {
        try (var client = client()) {
            String id = client.run("nested echo inner").replace("done ", "");
            program.awaitLine("^nested done " + id + " inner$");
        }
    }

    @Test
    void stats_countWhatHappens() {
        try (var client = client()) {
            awaitIdle(client);
            var before = stats(client);
            client.run("echo a");
            client.run("throw b");
            long id = client.submit("gate c");
            var visitor = gate.await();
            var during = stats(client);
            visitor.release();
            client.result(id);
            assertThat(increase(before, during))
                    .containsEntry("submitted", 3L)
                    .containsEntry("done", 1L)
                    .containsEntry("failed", 1L)
                    .containsEntry("running", 1L)
                    .containsEntry("idleTasks", -1L)
                    .containsEntry("lost", 0L);
            assertThat(during).containsEntry("tasks", (long) TASK_WORKERS).containsEntry("workers", (long) WORKERS);
            assertThat(during.get("open")).isPositive();
            assertThat(during.get("messages")).isGreaterThan(before.get("messages"));
        }
    }

    @Test
    void stats_forgetConnectionsThatAreGone() {
        try (var client = client()) {
            for (int i = 0; i < 200; i++) {
                client().close();
            }
            await().untilAsserted(() -> assertThat(stats(client)).containsEntry("open", 1L));
        }
    }

    @Test
    void stats_areTheSameFromATaskWorker() {
        try (var client = client()) {
            awaitIdle(client);
            assertThat(client.run("stats")).startsWith("done Stats[").contains("running=1,");
        }
    }

    @Test
    void stats_countEachResultThatWasToldBefore_whoeverAsks() {
        try (var client = client()) {
            awaitIdle(client);
            long before = stats(client).getOrDefault("done", 0L);
            for (int i = 1; i <= 20; i += 2) {
                client.run("echo a");
                assertThat(stats(client)).containsEntry("done", before + i);
                assertThat(client.run("stats")).contains("done=" + (before + i) + ",");
            }
        }
    }

    /** What an earlier test no longer waited for has ended too. */
    private static void awaitIdle(TaskClient client) {
        await().untilAsserted(() -> assertThat(stats(client)).containsEntry("running", 0L));
    }

    /** The answer to {@code stats} is JSON. */
    private static Map<String, Long> stats(TaskClient client) {
        return Pattern.compile("\"(\\w+)\":(\\d+)")
                .matcher(client.ask("stats"))
                .results()
                .collect(Collectors.toMap(
                        match -> match.group(1), match -> Long.valueOf(match.group(2)), (first, _) -> first));
    }

    private static Map<String, Long> increase(Map<String, Long> before, Map<String, Long> after) {
        return after.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, now -> now.getValue() - before.getOrDefault(now.getKey(), 0L)));
    }

    @Test
    void clientThatSaysNoMore_isClosed_beforeTheResultOfItsTask() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("task gate open")).startsWith("task ");
            var visitor = gate.await();
            client.raw().closeOutput();
            assertThat(client.awaitClose()).isEmpty();
            visitor.release("too late");
        }
        try (var other = client()) {
            assertThat(other.run("echo still served")).isEqualTo("done still served");
        }
    }
}
