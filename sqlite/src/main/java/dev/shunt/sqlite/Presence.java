package dev.shunt.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files that were opened are still where the next run of the program looks for them. Files stay writable when
 * they are moved or removed, and all that is written to them then is lost. Asked before each commit, which takes a few
 * microseconds.
 */
final class Presence {

    private record Known(Path path, @Nullable Object key) {}

    private final List<Known> files;

    private Presence(List<Known> files) {
        this.files = files;
    }

    /** Of a file that is open, and what SQLite has beside it. */
    static Presence of(TaskFile file) throws IOException {
        var files = new ArrayList<Known>();
        for (var path : List.of(file.path(), file.beside("-wal"), file.beside("-shm"))) {
            files.add(new Known(path, key(path)));
        }
        return new Presence(List.copyOf(files));
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** @throws MovedException if one is gone, or another one is in its place */
    void check() throws MovedException {
        for (var known : files) {
            try {
                if (!Objects.equals(key(known.path), known.key)) {
                    throw new MovedException(known.path + " is not the file that this program has opened");
                }
            } catch (MovedException e) {
                throw e;
            } catch (IOException e) {
                throw new MovedException(known.path + " is gone (" + e + ")");
            }
        }
    }

    /** What is written now, no later run would find. */
    static final class MovedException extends IOException {

        private static final long serialVersionUID = 1;

        MovedException(String what) {
            super(what
                    + ": it was moved, removed or replaced while the program runs. Put it back where it was, or stop the"
                    + " program, which still writes what it has confirmed to the file that it has open");
        }
    }
}
