package dev.shunt.tests;

import dev.shunt.testing.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of a program and its children, which a test moves while they run: by libfaketime, Debian's package {@code
 * faketime}. The monotonic clock goes on as it does.
 */
final class MovedClock {

    private static final List<String> PLACES =
            List.of("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime");

    private final Path offset;

    /** @param directory of a file that has how far it is moved */
    MovedClock(Path directory) {
        offset = directory.resolve("clock");
        move("+0");
    }

    static boolean isPossible() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        return PLACES.stream()
                .map(place -> Path.of(place, "libfaketimeMT.so.1"))
                .filter(Files::exists)
                .findFirst();
    }

    /** The program has this clock, which is looked at each second. */
    Launch of(Launch launch) {
        return launch.withEnvironment("LD_PRELOAD", library().orElseThrow().toString())
                .withEnvironment("FAKETIME_TIMESTAMP_FILE", offset.toString())
                .withEnvironment("FAKETIME_CACHE_DURATION", "1")
                .withEnvironment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .withEnvironment("FAKETIME_FORCE_MONOTONIC_FIX", "0") // with it, what waits for a time does not wait
                .withEnvironment("NO_FAKE_STAT", "1");
    }

    /** @param by how far from the true time, such as {@code -2h} or {@code +30d} */
    void move(String by) {
        try {
            Path next = Files.writeString(offset.resolveSibling("clock.next"), by + "\n");
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the library leaves of a program that is killed. */
    static void clear(long pid) {
        Stream.of("faketime_shm_", "sem.faketime_sem_")
                .forEach(name -> Path.of("/dev/shm", name + pid).toFile().delete());
    }
}
