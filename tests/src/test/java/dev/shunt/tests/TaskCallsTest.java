package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Workbench;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call that hands out a task or a message, from every kind of place to every other. */
@Tag("processes")
@ParameterizedClass
@EnumSource
class TaskCallsTest {

    /** Workers 0 and 1 are those with connections, 2 to 5 those with tasks. */
    private static final int WORKERS = 6;

    private static final int FIRST_TASK_WORKER = 2;

    enum Where {
        EVENT_LOOP_AND_CHILDREN("--placement event_loop --task-processes 2"),
        SLOTS_AND_CHILDREN("--placement in_process --task-processes 2"),
        CHILDREN_AND_CHILDREN("--placement children --worker-processes 2 --task-processes 2"),
        CHILDREN_AND_SLOTS("--placement children --worker-processes 2 --task-placement in_process"),
        SWITCHED_IN_PROCESS("--placement children --in-process true");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }

        boolean mayWaitOn(int worker) {
            return this != EVENT_LOOP_AND_CHILDREN || worker >= FIRST_TASK_WORKER;
        }

        boolean tasksLeaveTheProcess() {
            return this != CHILDREN_AND_SLOTS && this != SWITCHED_IN_PROCESS;
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final Where where;

    TaskCallsTest(Where where) {
        this.where = where;
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(Workbench.class, "--workers", 2, "--task-workers", 4, "--gate", gate.port())
                .withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    @AfterAll
    static void closeGate() {
        gate.close();
    }

    private WorkbenchClient client() {
        return new WorkbenchClient(program.port());
    }

    // Where tasks may be handed out

    @Test
    void startCallbacks_handOutTasks_andMayWaitForThem() {
        program.awaitLine("^finish done \\d+ from onStart \\(onStart\\) @");
        program.awaitLine("^finish done \\d+ from onManagerStart \\(onManagerStart\\) @");
        program.awaitLine("^waited in the manager: done \\d+ waited$");
    }

    @Test
    void everyWorker_handsOutTasks_andHearsOfThemItself() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                String at = " @" + worker;
                long id = client.task("on " + worker + " task - echo callback");
                client.await("callback done " + id + " callback" + at);
                id = client.task("on " + worker + " plain context=given echo plain");
                client.await("finish done " + id + " plain \\(given\\)" + at);
                id = client.task("on " + worker + " plain - throw up");
                client.await("unfinished failed " + id + " java.lang.IllegalStateException: up at .*" + at);
                id = client.task("on " + worker + " handle - progress-then half echo handle");
                client.await("progress " + id + " half" + at);
                client.await("result done " + id + " handle" + at);
            }
        }
    }

    @Test
    void timersAndForeignThreads_handOutTasks() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                long id = client.task("on " + worker + " timer task - echo later");
                client.await("callback done " + id + " later @" + worker);
                id = client.task("on " + worker + " thread task - echo elsewhere");
                client.await("callback done " + id + " elsewhere @.*");
                id = client.task("on " + worker + " thread handle - echo elsewhere");
                client.await("result done " + id + " elsewhere @.*");
                client.send("on " + worker + " thread wait 20000 -1 echo waited");
                client.await("waited done \\d+ waited @Thread-.*");
                client.send("on " + worker + " thread co 20000 echo a;echo b");
                client.await("co \\[done \\d+ a, done \\d+ b] @.*");
            }
        }
    }

    @Test
    void tasks_handOutTasks_threeLevelsDeep() {
        try (var client = client()) {
            String fd = fd(client);
            client.send("task - do %s task - do %s task - do %s task - echo deepest".formatted(fd, fd, fd));
            long outer = Long.parseLong(client.await("task (\\d+) @[01]").group(1));
            var all = new HashSet<Long>(List.of(outer));
            for (int level = 1; level <= 3; level++) {
                all.add(Long.parseLong(client.await("task (\\d+) @[2-5]").group(1)));
            }
            assertThat(all).as("ids").hasSize(4);
            String deepest = client.await("callback done (\\d+) deepest @[2-5]").group(1);
            assertThat(all.remove(Long.valueOf(deepest))).isTrue();
            for (long id : all) {
                client.await("callback done " + id + " did @\\d");
            }
        }
    }

    @Test
    void taskWait_onAnInterruptedThread_isTimedOut_andTheThreadStaysInterrupted() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                if (where.mayWaitOn(worker)) {
                    client.send("on " + worker + " interrupted wait 60000 -1 gate a");
                    client.await("waited timed-out \\d+ @" + worker);
                    gate.await().release();
                    client.await("still interrupted: true @" + worker);
                }
            }
        }
    }

    @Test
    void taskWait_insideATask_insideATask() {
        try (var client = client()) {
            String fd = fd(client);
            long outer = client.task("task - do %s wait 20000 -1 do %s wait 20000 -1 echo deepest".formatted(fd, fd));
            client.await("waited done \\d+ deepest @[2-5]");
            client.await("waited done \\d+ did @[2-5]");
            client.await("callback done " + outer + " did @\\d");
        }
    }

    private static String fd(WorkbenchClient client) {
        return client.ask("me", "me (\\d+) @.*");
    }

    // Calls

    @Test
    void taskWorkerIndex_isTheOnlyOneThatRunsIt() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                for (int index = 0; index < 4; index++) {
                    String ran = Integer.toString(FIRST_TASK_WORKER + index);
                    client.send("on " + worker + " at " + index + " worker");
                    client.await("done \\d+ " + ran + " @" + worker);
                    long id = client.task("on " + worker + " plain slot=" + index + " worker");
                    client.await("finish done " + id + " " + ran + " .*");
                    if (where.mayWaitOn(worker)) {
                        client.send("on " + worker + " wait 20000 " + (index == worker - 2 ? -1 : index) + " echo w");
                        client.await("waited done \\d+ w @" + worker);
                    }
                }
                client.send("on " + worker + " at -1 echo any");
                client.await("done \\d+ any @" + worker);
            }
        }
    }

    @Test
    void wrongTaskWorkerIndex_isRefused_withTheRange() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " at 4 echo never");
                client.await("refused there is no slot 4 in group task; its slots are 0 to 3 @" + worker);
            }
        }
    }

    @Test
    void taskWaitMulti_isByIndex_andMissesWhatDidNotEndInTime() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " multi 20000 echo a;throw up;echo c");
                client.await(
                        where.mayWaitOn(worker)
                                ? "multi \\{0=done \\d+ a, 1=failed \\d+ .*, 2=done \\d+ c} @" + worker
                                : "refused .*event loop.*");
                client.send("on " + worker + " multi 20000 ");
                client.await(where.mayWaitOn(worker) ? "multi \\{} @" + worker : "refused .*event loop.*");
            }
            if (where.mayWaitOn(1)) {
                client.send("on 1 multi 3000 echo a;gate slow;echo c");
                client.await("multi \\{0=done \\d+ a, 2=done \\d+ c} @1");
                gate.await().release();
            }
        }
    }

    @Test
    void taskWaitMulti_ofTwoThousandAtOnce() {
        try (var client = client()) {
            int from = where.mayWaitOn(1) ? 1 : 2;
            client.send("on " + from + " many 60000 2000");
            client.await("many 2000 of 2000 @" + from);
        }
    }

    @Test
    void taskCo_isInOrder_withTimedOutForTheRest_onTheWorkerThatAsked() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " co 20000 gate first;echo b;throw up");
                gate.await().release("echo a");
                client.await("co \\[done \\d+ a, done \\d+ b, failed \\d+ .*] @" + worker);
                client.send("on " + worker + " co 20000 ");
                client.await("co \\[] @" + worker);
            }
            client.send("on 1 co 3000 echo a;gate slow;echo c");
            var visitor = gate.await();
            client.await("co \\[done \\d+ a, timed-out \\d+, done \\d+ c] @1");
            visitor.release();
        }
    }

    @Test
    void submitAll_completesWhenAllHaveEnded_inTheirOrder() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " batch - gate first;echo b;throw up");
                gate.await().release("echo a");
                client.await("batch \\[done \\d+ a, done \\d+ b, failed \\d+ .*] @" + worker);
            }
        }
    }

    // Results

    @Test
    void finish_isHeardAtOnceEachTime_andThenWhatIsReturned() {
        try (var client = client()) {
            for (int worker : new int[] {0, 1, 3}) {
                long id =
                        client.task("on " + worker + " plain context=c,slot=0 finish-then one finish-then two gate x");
                var visitor = gate.await();
                client.await("finish done " + id + " one \\(c\\) @" + worker);
                client.await("finish done " + id + " two \\(c\\) @" + worker);
                visitor.release("echo three");
                client.await("finish done " + id + " three \\(c\\) @" + worker);
            }
        }
    }

    @Test
    void finish_withoutAReturnedValue_isHeardOnce() {
        try (var client = client()) {
            long id = client.task("on 1 plain - finish only");
            client.await("finish done " + id + " only \\(\\) @1");
            long next = client.task("on 1 plain slot=0 nothing");
            client.await("finish done " + next + " +\\(\\) @1");
            assertThat(client.unread()).noneMatch(line -> line.contains(" " + id + " "));
        }
    }

    @Test
    void finishManyTimes_callbackHandleAndWaiterGetOneResult() {
        try (var client = client()) {
            long callback = client.task("task - finish-then one finish-then two gate x");
            var visitor = gate.await();
            assertThat(client.unread()).isEmpty();
            visitor.release("nothing");
            client.await("callback done " + callback + " two @.*");
            long handle = client.task("handle - finish-then one finish-then two echo three");
            client.await("result done " + handle + " three @.*");
            client.send("on 3 wait 20000 -1 finish-then one finish two");
            client.await("waited done \\d+ two @3");
            client.await("stored " + handle + " well @.*");
            assertThat(client.unread()).isEmpty();
        }
    }

    @Test
    void failureAfterFinish_isHeardAsWell() {
        try (var client = client()) {
            long id = client.task("plain - finish-then half throw up");
            client.await("finish done " + id + " half .*");
            client.await("unfinished failed " + id + " .*: up at .*");
        }
    }

    // Handles and typed tasks

    @Test
    void cancel_ofAWaitingTask_endsIt_itNeverRuns() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                long id = client.task("on " + worker + " handle delay=3600000 echo never");
                client.send("on " + worker + " cancel - " + id);
                client.await("result cancelled " + id + " @" + worker);
            }
        }
    }

    @Test
    void cancel_ofARunningTask_interruptsIt_howItEndsIsUpToTheHandler() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                String elsewhere =
                        " handle slot=" + (worker + 1) % 4; // a worker hears nothing while it runs a task itself
                long yields = client.task("on " + worker + elsewhere + " gate a");
                gate.await().release("progress-then waits until-interrupted cancelled");
                client.await("progress " + yields + " waits @" + worker);
                client.send("on " + worker + " cancel - " + yields);
                client.await("result done " + yields + " true @" + worker);
                long throwing =
                        client.task("on " + worker + elsewhere + " progress-then waits until-interrupted throw up");
                client.await("progress " + throwing + " waits @" + worker);
                client.send("on " + worker + " cancel - " + throwing);
                client.await("result cancelled " + throwing + " @" + worker);
            }
        }
    }

    @Test
    void typedTasks_goToTheirHandlers_othersToOnTask() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                long sum = client.task("on " + worker + " sum - 41");
                client.await("result done " + sum + " 42 @" + worker);
                long note = client.task("on " + worker + " note - finish");
                client.await("result done " + note + " finished @" + worker);
                long silent = client.task("on " + worker + " note - ");
                client.await("result done " + silent + " +@" + worker);
                long stray = client.task("on " + worker + " stray - lost");
                client.await("result failed " + stray + " .*unknown verb.* @" + worker);
            }
        }
    }

    @Test
    void unencodablePayload_isRefused_andNothingIsSent() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " unencodable durability=DISK");
                client.await("refused .*Unencodable.* @" + worker);
            }
            if (where.tasksLeaveTheProcess()) {
                client.send("unencodable -");
                client.await("refused .*Unencodable.* @.*");
            }
        }
    }

    @Test
    void unencodableResult_isAFailure_ofAnyCaller() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                if (where.tasksLeaveTheProcess() || (where == Where.CHILDREN_AND_SLOTS && worker < 2)) {
                    long id = client.task("on " + worker + " task - return-unencodable");
                    client.await("callback failed " + id + " .*Unencodable.* @" + worker);
                }
            }
        }
    }

    @Test
    void task_knowsItsDeadlineAttemptAndSource() {
        try (var client = client()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                client.send("on " + worker + " batch deadline=60000 deadline;attempt;source;cancelled");
                client.await(
                        "batch \\[done \\d+ true, done \\d+ 1, done \\d+ " + worker + ", done \\d+ false] @" + worker);
                client.send("on " + worker + " batch - deadline");
                client.await("batch \\[done \\d+ false] @" + worker);
            }
        }
    }

    // Messages

    @Test
    void messages_goFromEveryWorkerToEveryOther_notToItself() {
        try (var client = client()) {
            for (int from = 0; from < WORKERS; from++) {
                for (int to = 0; to < WORKERS; to++) {
                    client.send("on " + from + " message " + to + " show x");
                    client.await("sent " + (from != to) + " @" + from);
                    if (from != to) {
                        client.await("message of 1 " + "x".hashCode() + " from " + from + " @" + to);
                    }
                }
            }
            assertThat(client.unread()).isEmpty();
        }
    }

    @Test
    void messages_ofAForeignThread_haveNoSource() {
        try (var client = client()) {
            for (int from = 0; from < WORKERS; from++) {
                int to = (from + 1) % WORKERS;
                client.send("on " + from + " thread message " + to + " show x");
                client.await("sent true @Thread-.*");
                client.await("message of 1 " + "x".hashCode() + " from -1 @" + to);
            }
        }
    }

    @Test
    void largeMessages_arriveExactly_andAreNotOvertaken() {
        String text = "x".repeat(1 << 20);
        try (var client = client()) {
            for (int from = 0; from < WORKERS; from++) {
                for (int to = 0; to < WORKERS; to++) {
                    if (from != to) {
                        client.send("on " + from + " message-large " + to + " " + text.length());
                        String first = client.await("(message of .*) from " + from + " @" + to)
                                .group(1);
                        assertThat(first).isEqualTo("message of " + text.length() + " " + text.hashCode());
                        client.await("message of 5 " + "after".hashCode() + " from " + from + " @" + to);
                    }
                }
            }
        }
        assertNoPayloadLeft();
    }

    @Test
    void wrongMessages_areRefused_toTheCaller() {
        try (var client = client()) {
            for (int from = 0; from < WORKERS; from++) {
                client.send("on " + from + " message 6 show x");
                client.await("refused there is no worker 6; ids are 0 to 5 @" + from);
                client.send("on " + from + " message -1 show x");
                client.await("refused there is no worker -1; ids are 0 to 5 @" + from);
                client.send("on " + from + " message-unencodable " + (from + 1) % WORKERS);
                client.await("refused .*Unencodable.* @" + from);
            }
        }
    }

    // Numbers

    @Test
    void stats_areExact_afterAMixedRun() {
        try (var client = client();
                var other = client()) {
            await().until(() -> count(client, "queued") + count(client, "running") == 0);
            var names = List.of("submitted", "done", "failed", "timedOut", "cancelled", "rejected", "lost", "retried");
            var before = names.stream().map(name -> count(client, name)).toList();
            client.send("times 50 task - echo x")
                    .send("on 3 times 20 task - echo x")
                    .send("on 1 times 10 plain - finish x");
            client.send("times 5 task retries=1,backoff=1 throw up")
                    .send("times 3 task deadline=1,delay=3600000 echo x");
            client.send("times 4 task unique=k:JOIN gate joined").send("task unique=k:DROP echo dropped");
            client.await("callback rejected .*unique key.*");
            gate.await().release();
            long cancelled = other.task("handle delay=3600000 echo x");
            other.ask("cancel - " + cancelled, "result cancelled .*");
            int all = 50 + 20 + 10 + 5 + 3 + 4 + 1 + 1;
            await().untilAsserted(() -> {
                assertThat(count(client, "submitted") - before.getFirst()).isEqualTo(all);
                assertThat(count(client, "queued") + count(client, "running")).isZero();
            });
            assertThat(IntStream.range(0, names.size()).mapToObj(i -> count(client, names.get(i)) - before.get(i)))
                    .containsExactly((long) all, 84L, 5L, 3L, 1L, 1L, 0L, 5L);
        }
    }

    private static long count(WorkbenchClient client, String name) {
        String json = client.ask("stats", "\\{.*}");
        var matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static void assertNoPayloadLeft() {
        await().until(
                        () -> RunDirectories.filesIn(programs.directory()).stream()
                                .filter(file -> file.toFile().length() >= 65_535)
                                .toList(),
                        List::isEmpty);
    }
}
