package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Workbench;
import java.util.HashMap;
import java.util.HashSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Children that are replaced while tasks run: those whose handler does not yield, those that hang, those that have run
 * enough, those that asked for a task and died. A handler at the gate does not hear that it is interrupted.
 */
@Tag("processes")
class TaskReplacedChildTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();

    private Program start(Object... arguments) {
        return programs.start(Launch.of(Workbench.class, witness.arguments("--max-wait-millis", 1_000))
                .withArguments(arguments));
    }

    @Test
    void cancel_ofATaskOnItsWayToTheChild_isAtOnce_itNeverBegins() {
        var program = start("--task-workers", 1);
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("cancelled - gate " + "x".repeat(16 << 20));
            client.await("result cancelled " + id + " @.*");
            client.task("task - gate next");
            assertThat(gate.await().who()).endsWith(" next");
            assertThat(witness.attempts(id)).isEmpty();
        }
    }

    @Test
    void timeout_ofAHandlerThatDoesNotYield_replacesTheChild_andRetries() {
        var program = start("--task-workers", 1);
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("task timeout=1000,retries=1,backoff=1 gate a");
            var first = gate.await();
            var second = gate.await();
            assertThat(second.who()).startsWith("task " + id + " attempt 2 ");
            assertThat(Witness.pid(second)).isNotEqualTo(Witness.pid(first));
            first.awaitGone();
            second.release("echo at last");
            client.await("callback done " + id + " at last @.*");
            assertThat(witness.attempts(id)).containsExactly(1, 2);
        }
    }

    /** Those of the same child that end in time do so; the others are lost, or retried if they may be. */
    @Test
    void deadline_ofAHandlerThatDoesNotYield_replacesTheChild_othersAreSettledByTheirOptions() {
        var program = start("--task-workers", 4, "--task-processes", 1);
        try (var client = new WorkbenchClient(program.port())) {
            long quick = client.task("task - gate quick");
            gate.await();
            long retried = client.task("task retries=1,backoff=1 gate retried");
            gate.await();
            long lost = client.task("task - gate lost");
            var old = gate.await();
            long late = client.task("plain deadline=2000,context=late gate late");
            gate.await();
            long queued = client.task("task - gate queued");
            var next = gate.await(2);
            assertThat(next).allMatch(visitor -> Witness.pid(visitor) != Witness.pid(old));
            next.forEach(visitor -> visitor.release("echo again"));
            client.await("callback done " + queued + " again @.*");
            client.await("callback done " + retried + " again @.*");
            client.await("callback lost " + lost + " .* @.*");
            client.await("callback lost " + quick + " .* @.*");
            client.await("unfinished timed-out " + late + " \\(late\\) @.*");
            assertThat(witness.attempts(late)).containsExactly(1);
        }
    }

    @Test
    void cancel_ofAHandlerThatDoesNotYield_replacesTheChild_othersMayEnd() {
        var program = start("--task-workers", 2, "--task-processes", 1, "--max-wait-millis", 20_000);
        try (var client = new WorkbenchClient(program.port())) {
            long other = client.task("task - gate other");
            var beside = gate.await();
            long id = client.task("handle - gate deaf");
            var deaf = gate.await();
            client.send("cancel - " + id);
            long next = client.task("task - gate next");
            var successor = gate.await();
            assertThat(Witness.pid(successor)).isNotEqualTo(Witness.pid(deaf));
            successor.release();
            client.await("callback done " + next + " passed next @.*");
            beside.release();
            client.await("callback done " + other + " passed other @.*");
            ProcessHandle.of(Witness.pid(deaf)).orElseThrow().destroyForcibly();
            client.await("result cancelled " + id + " @.*");
        }
    }

    @Test
    void childThatHangs_isReplaced_andItsTaskWithATimeoutIsRetried() {
        var program = start("--task-workers", 1);
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("task timeout=2000,retries=1,backoff=1 gate a");
            var hangs = gate.await();
            Signals.send("STOP", Witness.pid(hangs));
            var second = gate.await();
            assertThat(second.who()).startsWith("task " + id + " attempt 2 ");
            assertThat(Witness.pid(second)).isNotEqualTo(Witness.pid(hangs));
            second.release();
            client.await("callback done " + id + " passed a @.*");
        }
    }

    @Test
    void maxRequest_childrenRetireOneByOne_nothingIsLost() {
        var program = start("--task-workers", 4, "--task-processes", 2, "--max-request", 20, "--max-request-grace", 10);
        try (var client = new WorkbenchClient(program.port())) {
            var before = program.children().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
            var pids = new HashSet<Long>();
            int tasks = 3; // of the program's start
            do { // a child runs on until its successor is there
                client.send("times 50 task - pid");
                IntStream.range(0, 50)
                        .forEach(_ -> pids.add(Long.valueOf(
                                client.await("callback done \\d+ (\\d+) @.*").group(1))));
                tasks += 50;
            } while (pids.size() < 5);
            assertThat(before).hasSize(2).isSubsetOf(pids);
            assertThat(Ledger.startedIds(witness.ledger())).hasSize(tasks).doesNotHaveDuplicates();
            assertThat(program.children())
                    .as("no more than two and their successors")
                    .hasSizeLessThanOrEqualTo(4);
            String stats = client.ask("stats", "\\{.*}");
            assertThat(stats).contains("\"lost\":0,").contains("\"retried\":0,");
        }
    }

    @Test
    void maxRequestOfOne_eachTaskRunsInAProcessOfItsOwn() {
        var program = start("--task-workers", 2, "--task-processes", 2, "--max-request", 1);
        try (var client = new WorkbenchClient(program.port())) {
            client.send("times 12 task - pid");
            var pids = new HashSet<String>();
            for (int i = 0; i < 12; i++) {
                pids.add(client.await("callback done \\d+ (\\d+) @.*").group(1));
            }
            assertThat(pids).hasSize(12);
        }
    }

    @Test
    void maxRequest_isABound_alsoForShortTasks_andWhatRunsOnMayTakeItsTime() {
        var program = start("--task-workers", 2, "--task-processes", 1, "--max-request", 50, "--max-wait-millis", 500);
        try (var client = new WorkbenchClient(program.port())) {
            long slow = client.task("task - gate slow");
            var visitor = gate.await();
            client.send("times 350 task - pid");
            var runs = new HashMap<String, Integer>();
            for (int i = 0; i < 350; i++) {
                runs.merge(client.await("callback done \\d+ (\\d+) @.*").group(1), 1, Integer::sum);
            }
            assertThat(runs.values()).allMatch(count -> count <= 100);
            assertThat(runs).hasSizeGreaterThanOrEqualTo(4);
            visitor.release();
            client.await("callback done " + slow + " passed slow @.*");
        }
    }

    @Test
    void childThatWaited_isKilled_itsTaskGoesOn_andItsResultGoesNowhere() {
        var program = start("--placement", "children", "--workers", 1, "--task-workers", 1);
        try (var client = new WorkbenchClient(program.port())) {
            long asking = Long.parseLong(client.ask("pid", "pid (\\d+) @0"));
            client.send("wait 60000 -1 gate a");
            var visitor = gate.await();
            ProcessHandle.of(asking).orElseThrow().destroyForcibly();
            program.awaitLine("^child 0 ended: killed by signal 9");
            visitor.release("echo for nobody");
        }
        try (var client = new WorkbenchClient(program.port())) {
            long after = client.task("task - echo after");
            client.await("callback done " + after + " after @.*");
            assertThat(client.ask("stats", "\\{.*}")).contains("\"done\":5,"); // three of the program's start
            assertThat(program.lines()).noneMatch(line -> line.contains("for nobody"));
        }
    }

    @Test
    void childThatAsked_isKilled_itsSuccessorHearsOfTheResult() {
        var program = start("--placement", "children", "--workers", 2, "--worker-processes", 1, "--task-workers", 2);
        try (var client = new WorkbenchClient(program.port())) {
            long asking = Long.parseLong(client.ask("on 1 pid", "pid (\\d+) @1"));
            long plain = client.task("on 1 plain context=plain gate a");
            long callback = client.task("on 1 task context=callback gate b");
            long handle = client.task("on 1 handle context=handle gate c");
            assertThat(handle).isGreaterThan(plain);
            client.task("on 1 plain context=fails gate d");
            var visitors = gate.await(2);
            ProcessHandle.of(asking).orElseThrow().destroyForcibly();
            visitors.forEach(visitor -> visitor.release("echo result"));
            gate.await(2)
                    .forEach(visitor -> visitor.release(visitor.who().endsWith(" d") ? "throw up" : "echo result"));
            program.awaitLine("^child 0 ended: killed by signal 9");
            program.awaitLine("^orphan finish done " + plain + " result \\(plain\\) @1$");
            program.awaitLine("^orphan finish done " + callback + " result \\(callback\\) @1$");
            program.awaitLine("^orphan finish done " + handle + " result \\(handle\\) @1$");
            program.awaitLine("^orphan unfinished failed \\d+ .*: up at .*\\(fails\\) @1$");
        }
    }

    @Test
    void sentToAWorkerWhoseChildIsGone_aMessageReachesItsSuccessor() {
        var program = start("--task-workers", 1);
        try (var client = new WorkbenchClient(program.port())) {
            client.task("task - gate a");
            var visitor = gate.await();
            ProcessHandle.of(Witness.pid(visitor)).orElseThrow().destroyForcibly();
            program.awaitLine("^child 0 ended");
            client.send("message 2 show late");
            client.await("message of 4 " + "late".hashCode() + " from \\d @2");
        }
    }
}
