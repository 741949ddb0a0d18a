package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Ledger.Entry;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9}, twenty times, while there is more to do than can be done. */
@Tag("alone")
@Tag("processes")
class KilledUnderLoadTest {

    private static final int KILLS = 20;
    private static final int SLOTS = 4;
    private static final int PROCESSES = 4;
    private static final int OUTSTANDING = 100;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @Test
    void killedTwentyTimes_everyTaskHasOneResult_andNoneRunsTwice() {
        var results = killWhileTasksRun("task spin-millis 2");
        var runs = runs();
        var lost = ids(results, "lost");
        var done = ids(results, "done");
        assertThat(done.size() + lost.size()).as("all results").isEqualTo(results.size());
        assertThat(done)
                .allSatisfy(id ->
                        assertThat(runs.get(id)).as("runs of done task %s", id).isEqualTo(1));
        assertThat(lost)
                .allSatisfy(id -> assertThat(runs.getOrDefault(id, 0L))
                        .as("runs of lost task %s", id)
                        .isLessThan(2));
        assertThat(lost.size()).as("only what ran is lost").isBetween(1, KILLS * SLOTS / PROCESSES);
        assertThat(results.keySet()).as("nothing ran unasked").containsAll(runs.keySet());
    }

    @Test
    void killedTwentyTimes_everyTaskIsDone_ifRetriesAllow() {
        var results = killWhileTasksRun("retry 1000 spin-millis 2");
        assertThat(ids(results, "done")).hasSameSizeAs(results.keySet());
        assertThat(runs().keySet()).isEqualTo(results.keySet());
    }

    @Test
    void connectionChildKilledTwentyTimes_everyClientIsAnsweredOrClosed() {
        var program = programs.start(Talk.class, "--count", SLOTS, "--processes", PROCESSES);
        program.port();
        var killed = new AtomicBoolean();
        var clients = IntStream.range(0, 8)
                .mapToObj(_ ->
                        CompletableFuture.supplyAsync(() -> echoUntil(killed, program), Thread::startVirtualThread))
                .toList();
        killChildren(program, pids -> addPidsOfNewConnections(program, pids));
        killed.set(true);
        assertThat(clients).allSatisfy(client -> assertThat(client.join()).isPositive());
        try (var client = new TalkClient(program)) {
            assertThat(client.ask("ping")).isEqualTo("pong");
        }
        assertThat(program.stop()).isZero();
    }

    /** They go where the fewest are, so that many are spread over all children that are up. */
    private static void addPidsOfNewConnections(Program program, Set<Long> pids) {
        try (var one = new TalkClient(program);
                var two = new TalkClient(program);
                var three = new TalkClient(program)) {
            pids.addAll(List.of(one.pid(), two.pid(), three.pid()));
        } catch (UncheckedIOException | AssertionError e) {
            IO.println("met a child that was killed: " + e);
        }
    }

    /** Returns how many answers it got. A read that ends neither with the answer nor with a close fails. */
    private static int echoUntil(AtomicBoolean end, Program program) {
        int answers = 0;
        while (!end.get()) {
            try (var client = new TalkClient(program)) {
                while (!end.get()) {
                    assertThat(client.ask("echo " + answers)).isEqualTo(Integer.toString(answers));
                    answers++;
                }
            } catch (UncheckedIOException | AssertionError e) {
                if (!(e instanceof UncheckedIOException) // reset while it sent
                        && !String.valueOf(e.getMessage()).startsWith("closed by the server")) {
                    throw e;
                }
            }
        }
        return answers;
    }

    /** Keeps {@link #OUTSTANDING} tasks waiting until the kills are done; then waits for all results. */
    private Map<Long, String> killWhileTasksRun(String command) {
        var program = programs.start(
                TaskServer.class,
                Stream.of("--task-workers", SLOTS, "--task-processes", PROCESSES, "--ledger", ledger())
                        .toArray());
        int port = program.port();
        var killed = new AtomicBoolean();
        var load = CompletableFuture.supplyAsync(() -> submitUntil(killed, port, command), Thread::startVirtualThread);
        killChildren(
                program, pids -> Ledger.read(ledger()).stream().map(Entry::pid).forEach(pids::add));
        killed.set(true);
        var results = load.join();
        assertThat(program.stop()).isZero();
        return results;
    }

    private static Map<Long, String> submitUntil(AtomicBoolean end, int port, String command) {
        try (var client = new TaskClient(port)) {
            int submitted = 0;
            for (int ended = 0; !end.get(); ended++) {
                while (submitted - ended < OUTSTANDING) {
                    client.send(command);
                    submitted++;
                }
                client.results(ended + 1);
            }
            return client.results(submitted);
        }
    }

    /** Kills a child that has worked, again and again; {@code witness} adds the ids of processes that have. */
    private static void killChildren(Program program, Consumer<Set<Long>> witness) {
        long seed = new Random().nextLong();
        IO.println("seed " + seed);
        var random = new Random(seed);
        var killed = new HashSet<Long>();
        while (killed.size() < KILLS) {
            var worked = new HashSet<Long>();
            var alive = await().atMost(Program.PATIENCE)
                    .until(
                            () -> {
                                witness.accept(worked);
                                worked.removeAll(killed);
                                return program.children().stream()
                                        .filter(child -> worked.contains(child.pid()))
                                        .toList();
                            },
                            children -> !children.isEmpty());
            var victim = alive.get(random.nextInt(alive.size()));
            killed.add(victim.pid());
            victim.destroyForcibly();
        }
    }

    private Path ledger() {
        return directory.resolve("ledger");
    }

    private Map<Long, Long> runs() {
        return Ledger.startedIds(ledger()).stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    private static Set<Long> ids(Map<Long, String> results, String outcome) {
        return results.entrySet().stream()
                .filter(result -> result.getValue().startsWith(outcome))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
