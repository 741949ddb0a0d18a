package dev.shunt.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Removes what is old from a run directory, as systemd-tmpfiles does: all but live sockets and files with the sticky bit. */
final class Cleaner {

    private static final Duration OLD = Duration.ofDays(10);

    private Cleaner() {}

    /** Inner ones first. */
    static List<Path> all(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** As if it had not been touched for long. */
    static void age(Path file) throws IOException {
        var longAgo = FileTime.from(Instant.now().minus(OLD.multipliedBy(2)));
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(longAgo, longAgo, null);
    }

    static void removeOld(Path directory) throws IOException {
        for (var file : all(directory)) {
            removeIfOld(file);
        }
    }

    /** No directory that is not empty. */
    static void removeIfOld(Path file) throws IOException {
        try {
            if (isOld(file) && !isLiveSocket(file) && !(Files.isRegularFile(file) && isSticky(file))) {
                var _ = file.toFile().delete();
            }
        } catch (NoSuchFileException e) {
            assert !Files.exists(file); // its program was faster
        }
    }

    private static boolean isOld(Path file) throws IOException {
        return Files.getLastModifiedTime(file)
                .toInstant()
                .isBefore(Instant.now().minus(OLD));
    }

    private static boolean isSticky(Path file) throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode") & 01000) != 0;
    }

    private static boolean isLiveSocket(Path file) {
        return file.getFileName().toString().equals("socket");
    }
}
