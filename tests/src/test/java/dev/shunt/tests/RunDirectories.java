package dev.shunt.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What managers keep in the temporary directory while they run. */
final class RunDirectories {

    private RunDirectories() {}

    static List<Path> in(Path temporary) {
        try (var files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("shunt-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files in them that hold something. */
    static List<Path> filesIn(Path temporary) {
        return in(temporary).stream().flatMap(RunDirectories::files).toList();
    }

    private static Stream<Path> files(Path directory) {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
