package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of memory that children share with their manager is where everybody may make one. */
class PayloadMemoryTest {

    @TempDir
    private Path directory;

    private RunFiles files;
    private PayloadMemory memory;

    @BeforeEach
    void of() {
        files = new RunFiles(directory);
        memory = PayloadMemory.of(files, 8 << 20, 1);
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(files.arena(1));
        Files.deleteIfExists(files.arenas());
    }

    @Test
    void directoryThatIsThereBefore_isNotTrusted() throws IOException {
        Files.createDirectory(files.arenas());

        assertThat(memory.create(files.arena(1))).isEmpty();
        assertThat(files.arenas()).isEmptyDirectory();
    }

    @Test
    void directoryThatACleanerHasRemoved_isMadeAgain() throws IOException {
        memory.create(files.arena(1)).orElseThrow().close();
        Files.delete(files.arena(1));
        Files.delete(files.arenas());

        memory.create(files.arena(1)).orElseThrow().close();
        assertThat(files.arena(1)).exists();
    }
}
