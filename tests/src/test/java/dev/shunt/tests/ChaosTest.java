package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Chaos;
import dev.shunt.tests.programs.ChaosBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once: tasks that throw, hang, ignore interrupts, wait for each other, are cancelled and are large, while
 * their processes are killed, stopped and reloaded. Then the books must balance, see {@link ChaosBooks}.
 *
 * <p>For half a minute; {@code -Dshunt.chaos.seconds=300} for longer, {@code -Dshunt.chaos.seed=N}
 * for the random numbers of another run, which it prints. The same seed gives the same tasks and the same signals, but not
 * the same moments.
 */
@Tag("alone")
@Tag("processes")
@Timeout(600)
class ChaosTest {

    private static final int SECONDS = Integer.getInteger("shunt.chaos.seconds", 30);
    private static final int ROUNDS = 3;

    /** How much more heap may be in use at the end than after a third: some classes, compiled code's data, no tasks. */
    private static final long HEAP_GROWTH_BYTES = 3 << 20;

    private static final long RESIDENT_GROWTH_BYTES = 64 << 20;

    /** A frozen child, the time its tasks have, its successor's start, its deadline, and a machine that is busy. */
    private static final Duration FROZEN_IS_GONE = Duration.ofSeconds(60);

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
            var driver = driver(client);
            chaos(driver, monkey, SECONDS * 1_000L / 3);
            var before = atRest(program, client, driver);
            chaos(driver, monkey, SECONDS * 2_000L / 3);
            var after = atRest(program, client, driver);
            IO.println(monkey.done() + "\n" + books().summary() + "\n" + before + "\n" + after);
            driver.assertBalance();
            assertThat(driver.stats().tasks().rejected()).isEqualTo(books().ended("rejected"));
            await("threads as before")
                    .atMost(Program.PATIENCE)
                    .untilAsserted(() -> assertThat(threads(client)).isEqualTo(before.threads()));
            assertNothingMore("descriptors", before.descriptors(), () -> descriptors(program));
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_GROWTH_BYTES);
            assertThat(after.residentBytes()).isLessThan(before.residentBytes() + RESIDENT_GROWTH_BYTES);
            assertThat(payloadFiles()).isEmpty();
            driver.assertMetrics(new ControlSocket(
                    RunDirectories.in(programs.directory()).getFirst().resolve("control")));
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
                driver(client).load(monkey::step, 5_000 + random.nextInt(3_000));
                program.kill();
                program.exitCode();
                monkey.goOn();
            }
            await().atMost(Program.PATIENCE).until(() -> program.children().isEmpty());
            new ChaosBook(directory.resolve("book").toString()).killed(program.pid());
        }
        var last = start(ROUNDS + 1);
        try (var client = new LineClient(last.port())) {
            driver(client).awaitIdle();
            var books = books();
            IO.println(books.summary());
            assertThat(books.problems()).isEmpty();
            assertThat(driver(client).dead()).containsAll(books.dead());
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

    private ChaosDriver driver(LineClient client) {
        return new ChaosDriver(client, directory.resolve("book"), random);
    }

    /** Load and signals for so long, then until all is over. */
    private static void chaos(ChaosDriver driver, ChaosMonkey monkey, long millis) {
        var seen = ReadModel.in(RunDirectories.in(programs.directory()).getFirst());
        driver.load(
                () -> {
                    monkey.step();
                    seen.assertAgrees();
                },
                millis);
        monkey.goOn();
        driver.loadUntil(() -> monkey.frozen().isEmpty(), FROZEN_IS_GONE, "frozen children are replaced");
        driver.awaitIdle();
    }

    /** With nothing to do and every child in its place: the last one killed may wait for its start, a reload may go on. */
    private Footprint atRest(Program program, LineClient client, ChaosDriver driver) {
        driver.awaitEveryChild(program);
        driver.dead(); // what reads the log has it open from now on
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

    /**
     * By name, in which a child's serial number does not count: there is a thread for each child. Those that answer on the
     * control socket end when nobody asks.
     */
    private static List<String> threads(LineClient client) {
        return Stream.of(client.ask("threads").split(", ", -1))
                .filter(name -> !name.matches("shunt-control-\\d+"))
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
