package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process leaves that is killed while it loads SQLite. */
@Tag("processes")
class DriverTest {

    @TempDir
    Path directory;

    @Test
    void whatAKilledProcessLeft_isRemovedByTheNext_butNotWhatALivingOneLoads() throws Exception {
        var left = half("shunt-sqlite-1");
        var empty = Files.createDirectory(directory.resolve("shunt-sqlite-2"));
        var loading = half("shunt-sqlite-3");
        try (var lock = FileChannel.open(loading.resolve("lock"), StandardOpenOption.WRITE)) {
            assertThat(lock.lock().isValid()).isTrue();
            assertThat(load()).isZero();
            assertThat(left).doesNotExist();
            assertThat(empty).doesNotExist();
            assertThat(directory).isDirectoryContaining(file -> file.equals(loading));
            assertThat(loading.resolve("libsqlite.so")).exists();
        }
        assertThat(load()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    private Path half(String name) throws IOException {
        var made = Files.createDirectory(directory.resolve(name));
        Files.createFile(made.resolve("lock"));
        Files.createFile(made.resolve("libsqlite.so"));
        return made;
    }

    private int load() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName())
                .redirectError(Redirect.INHERIT)
                .start()
                .waitFor();
    }

    /** Runs as a process of its own. */
    static final class Loading {
        public static void main(String[] args) throws IOException {
            Driver.load();
        }
    }
}
