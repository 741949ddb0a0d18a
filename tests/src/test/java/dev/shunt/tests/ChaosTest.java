package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.stats.Stats;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Chaos;
import dev.shunt.tests.programs.ChaosBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once: tasks that throw, hang, ignore interrupts, wait for each other, are cancelled and are large, while
 * their processes are killed, stopped and reloaded. Then the books must balance, see {@link ChaosBooks}.
 *
 * <p>For a minute; {@code -Dshunt.chaos.seconds=300} for longer, {@code -Dshunt.chaos.seed=N}
 * for the random numbers of another run, which it prints. The same seed gives the same tasks and the same signals, but not
 * the same moments.
 */
@Tag("alone")
@Tag("processes")
@Timeout(600)
class ChaosTest {

    private static final int SECONDS = Integer.getInteger("shunt.chaos.seconds", 60);
    private static final int TASKS_A_SECOND = Integer.getInteger("shunt.chaos.rate", 500);
    private static final int OUTSTANDING = 2_000;
    private static final int ROUNDS = 3;

    /** How much more heap may be in use at the end than after a third: some classes, compiled code's data, no tasks. */
    private static final long HEAP_GROWTH_BYTES = 3 << 20;

    private static final long RESIDENT_GROWTH_BYTES = 64 << 20;

    /** A frozen child, the time its tasks have, its successor's start, its deadline, and a machine that is busy. */
    private static final Duration FROZEN_IS_GONE = Duration.ofSeconds(60);

    private static final Duration ALL_IS_OVER = Duration.ofMinutes(2);

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("shunt.chaos.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);

    @Test
    void childrenKilledStoppedAndReloaded_theBooksBalance_andNothingGrowsOrStays() {
        IO.println("shunt.chaos.seed=" + seed);
        var program = start(0);
        try (var monkey = new ChaosMonkey(program, random, () -> books().workers(), true);
                var client = new LineClient(program.port())) {
            chaos(client, monkey, SECONDS * 1_000L / 3);
            var before = atRest(program, client);
            chaos(client, monkey, SECONDS * 2_000L / 3);
            var after = atRest(program, client);
            IO.println(monkey.done() + "\n" + books().summary() + "\n" + before + "\n" + after);
            assertBalance(client);
            await("threads as before")
                    .atMost(Program.PATIENCE)
                    .untilAsserted(() -> assertThat(threads(client)).isEqualTo(before.threads()));
            assertNothingMore("descriptors", before.descriptors(), () -> descriptors(program));
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_GROWTH_BYTES);
            assertThat(after.residentBytes()).isLessThan(before.residentBytes() + RESIDENT_GROWTH_BYTES);
            assertThat(payloadFiles()).isEmpty();
        }
        assertThat(program.stop()).isZero();
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
        assertThat(filesOf(directory)).containsExactlyInAnyOrder("book", "store.db", "store.db-lock");
    }

    @Test
    void managerKilled_whatWasStoredIsSettled_andWhatWasSettledDoesNotRunAgain() {
        IO.println("shunt.chaos.seed=" + seed);
        for (int round = 1; round <= ROUNDS; round++) {
            var program = start(round);
            try (var monkey = new ChaosMonkey(program, random, () -> books().workers(), false);
                    var client = new LineClient(program.port())) {
                load(client, monkey, 5_000 + random.nextInt(3_000));
                program.kill();
                program.exitCode();
                monkey.goOn();
            }
            await().atMost(Program.PATIENCE).until(() -> program.children().isEmpty());
            new ChaosBook(directory.resolve("book").toString()).killed(program.pid());
        }
        var last = start(ROUNDS + 1);
        try (var client = new LineClient(last.port())) {
            awaitIdle(client);
            var books = books();
            IO.println(books.summary());
            assertThat(books.problems()).isEmpty();
            assertThat(dead(client)).containsAll(books.dead());
        }
        assertThat(last.stop()).isZero();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }

    private Program start(int round) {
        return programs.start(Launch.of(
                        Chaos.class,
                        "--store",
                        directory.resolve("store.db"),
                        "--book",
                        directory.resolve("book"),
                        "--seed",
                        seed % 1_000_000 + round)
                .withOptions("-Xmx256m", "-XX:TieredStopAtLevel=4", "-XX:CompileThresholdScaling=1"));
    }

    private ChaosBooks books() {
        return ChaosBooks.read(directory.resolve("book"));
    }

    /** Load and signals for so long, then until all is over. */
    private void chaos(LineClient client, ChaosMonkey monkey, long millis) {
        load(client, monkey, millis);
        monkey.goOn();
        loadUntil(client, () -> monkey.frozen().isEmpty(), FROZEN_IS_GONE, "frozen children are replaced");
        awaitIdle(client);
    }

    private void load(LineClient client, ChaosMonkey monkey, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            monkey.step();
            long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(700));
            loadUntil(client, () -> System.nanoTime() - next >= 0, Program.PATIENCE, "a moment");
        }
    }

    private static void loadUntil(LineClient client, BooleanSupplier end, Duration atMost, String what) {
        int perTurn = TASKS_A_SECOND / 20;
        await(what)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (Integer.parseInt(client.ask("outstanding")) < OUTSTANDING) {
                        client.send("submit " + perTurn);
                    }
                    return end.getAsBoolean();
                });
    }

    private void awaitIdle(LineClient client) {
        try {
            await().atMost(ALL_IS_OVER).pollInterval(Duration.ofMillis(200)).until(() -> isIdle(client));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not over: " + stats(client) + "\n" + String.join("\n", books().problems()), e);
        }
    }

    private boolean isIdle(LineClient client) {
        int lines = books().size();
        var tasks = stats(client).tasks();
        return tasks.queued() == 0
                && tasks.running() == 0
                && client.ask("outstanding").equals("0")
                && stats(client).tasks().submitted() == tasks.submitted()
                && books().size() == lines;
    }

    /** With nothing to do and every child in its place: the last one killed may wait for its start, a reload may go on. */
    private Footprint atRest(Program program, LineClient client) {
        await("every child in its place")
                .during(Duration.ofSeconds(2)) // one may be about to leave
                .atMost(ALL_IS_OVER)
                .until(() -> {
                    var slots = stats(client).slots();
                    return slots.idleTasks() == slots.tasks()
                            && program.children().size() == Chaos.PROCESSES;
                });
        dead(client); // what reads the log has it open from now on
        return Footprint.of(program, client);
    }

    /** What goes on for a moment yet may have something open. */
    private static void assertNothingMore(String what, List<String> before, Supplier<List<String>> now) {
        await().atMost(Program.PATIENCE)
                .untilAsserted(() -> assertThat(more(before, now.get()))
                        .as("%s that were not there before: %s", what, before)
                        .isEmpty());
    }

    private static List<String> more(List<String> before, List<String> after) {
        var more = new ArrayList<>(after);
        before.forEach(more::remove); // one for one
        return more;
    }

    private void assertBalance(LineClient client) {
        var books = books();
        assertThat(books.problems()).isEmpty();
        var tasks = stats(client).tasks();
        assertThat(tasks.submitted())
                .isEqualTo(tasks.done()
                        + tasks.failed()
                        + tasks.lost()
                        + tasks.timedOut()
                        + tasks.cancelled()
                        + tasks.rejected());
        assertThat(tasks.failed()).isEqualTo(books.ended("failed"));
        assertThat(tasks.timedOut()).isEqualTo(books.ended("timed-out"));
        assertThat(tasks.cancelled()).isEqualTo(books.ended("cancelled"));
        assertThat(tasks.rejected()).isEqualTo(books.ended("rejected"));
        long told = books.ended("done") + books.ended("lost");
        assertThat(tasks.done() + tasks.lost())
                .as("those told of, and those that tasks waited for, of which some died waiting")
                .isBetween(told + books.heard("done"), told + books.asked());
        assertThat(dead(client)).isEqualTo(books.dead());
        assertThat(tasks.dead()).isEqualTo(books.dead().size());
    }

    private static Stats stats(LineClient client) {
        byte[] json = client.ask("stats").getBytes(StandardCharsets.UTF_8);
        return Data.received(Data.Kind.OBJECT, json, Codec.json()).as(Stats.class);
    }

    private static Set<Long> dead(LineClient client) {
        String answer = client.ask("dead");
        return answer.equals("none")
                ? Set.of()
                : Arrays.stream(answer.strip().split(" ", -1))
                        .map(Long::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> payloadFiles() {
        return RunDirectories.in(programs.directory()).stream()
                .flatMap(run -> filesOf(run.resolve("payloads")).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> filesOf(Path directory) {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is open, without the numbers that tell sockets and pipes apart; and without jars, which are opened when a class
     * is first looked for.
     */
    private static List<String> descriptors(Program program) {
        try (var open = Files.list(Path.of("/proc/" + program.pid() + "/fd"))) {
            return open.map(ChaosTest::target)
                    .map(target -> target.replaceAll("\\d+", "#"))
                    .filter(target -> !target.endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory's own descriptor is listed, and gone. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** By name, in which a child's serial number does not count: there is a thread for each child. */
    private static List<String> threads(LineClient client) {
        return Stream.of(client.ask("threads").split(", ", -1))
                .map(name -> name.replaceFirst("^shunt-child-\\d+$", "shunt-child"))
                .sorted()
                .toList();
    }

    /** What a manager takes that has nothing to do. */
    private record Footprint(long heapBytes, long residentBytes, List<String> descriptors, List<String> threads) {

        static Footprint of(Program program, LineClient client) {
            return new Footprint(
                    Long.parseLong(client.ask("heap")),
                    program.residentBytes(),
                    ChaosTest.descriptors(program),
                    ChaosTest.threads(client));
        }
    }
}
