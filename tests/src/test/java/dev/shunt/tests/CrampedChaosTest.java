package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Chaos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link ChaosTest}, near every limit: with little memory, clients that flood the program, send half messages and do not
 * read, while the wall clock is moved and a cleaner removes what is old from the run directory. Its properties are the same.
 *
 * <p>Without libfaketime (Debian's package {@code faketime}) the clock stays as it is, and the test says so.
 */
@Tag("alone")
@Tag("processes")
@Timeout(600)
class CrampedChaosTest {

    private static final int SECONDS = Integer.getInteger("shunt.chaos.seconds", 30);

    /** Forwards and backwards; whoever waits for a time waits for the last one at most. */
    private static final List<String> MOVES = List.of("-3h", "+2h", "-40s", "+0", "+5d", "-1d", "+90s");

    private static final List<String> FORWARD = List.of("+10d", "+20d", "+30d");

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("shunt.chaos.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);

    @Test
    void floodsHalfMessagesSlowReadersMovedClocksAndACleaner_nothingIsLostOrRunsTwice_noZombieStays() {
        IO.println("shunt.chaos.seed=" + seed);
        var clock = new MovedClock(directory);
        var program = programs.start(launch(clock));
        try (var client = new LineClient(program.port())) {
            var driver = new ChaosDriver(client, directory.resolve("book"), random);
            chaos(driver, program, clock);
            driver.awaitIdle();
            driver.awaitEveryChild(program);
            assertThat(Instant.parse(client.ask("now")).isAfter(Instant.now().plus(Duration.ofDays(29))))
                    .as("the clock was moved")
                    .isEqualTo(MovedClock.isPossible());
            IO.println(driver.books().summary() + "\n" + driver.stats());
            driver.assertBalance();
            await("zombies are waited for")
                    .untilAsserted(() -> assertThat(zombies(program.pid())).isEmpty());
        }
        assertThat(program.stop()).isZero();
        MovedClock.clear(program.pid());
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }

    private void chaos(ChaosDriver driver, Program program, MovedClock clock) {
        try (var monkey = new ChaosMonkey(program, random, Set::of, false);
                var mob = new ChaosMob(program.port(), random)) {
            driver.load(() -> step(monkey, mob, clock, MOVES), SECONDS * 1_000L / 3);
            for (String ahead : FORWARD) {
                clock.move(ahead);
                driver.load(() -> step(monkey, mob, clock, List.of()), SECONDS * 2_000L / 3 / FORWARD.size());
            }
            IO.println(monkey.done() + "\n" + mob.done());
        }
    }

    private Launch launch(MovedClock clock) {
        var launch = Launch.of(
                        Chaos.class,
                        "--store",
                        directory.resolve("store.db"),
                        "--book",
                        directory.resolve("book"),
                        "--seed",
                        seed % 1_000_000,
                        "--patience",
                        5)
                .withOptions("-Xmx256m", "-XX:TieredStopAtLevel=4");
        if (MovedClock.isPossible()) {
            return clock.of(launch);
        }
        IO.println("libfaketime is not installed (Debian's package faketime): the clock is not moved");
        return launch;
    }

    private void step(ChaosMonkey monkey, ChaosMob mob, MovedClock clock, List<String> moves) {
        mob.step();
        switch (random.nextInt(4)) {
            case 0 -> monkey.step();
            case 1 -> clean();
            case 2 -> {
                if (!moves.isEmpty()) {
                    clock.move(moves.get(random.nextInt(moves.size())));
                }
            }
            default -> {}
        }
    }

    /** All is old but payloads, which are never there for long. */
    private static void clean() {
        try {
            for (var run : RunDirectories.in(programs.directory())) {
                Path payloads = run.resolve("payloads");
                for (var file : Cleaner.all(run)) {
                    if (!payloads.equals(file.getParent())) {
                        Cleaner.age(file);
                        Cleaner.removeIfOld(file);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            IO.println("gone before it was cleaned: " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            IO.println("not cleaned: " + e);
        }
    }

    /** Processes that have ended, and whose end the program has not taken note of. */
    private static List<Path> zombies(long parent) throws IOException {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            return StreamSupport.stream(processes.spliterator(), false)
                    .filter(process -> isZombie(process, parent))
                    .toList();
        }
    }

    private static boolean isZombie(Path process, long parent) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") && fields[1].equals(Long.toString(parent));
        } catch (IOException e) {
            return false; // it is gone
        }
    }
}
