package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that children share with their manager has its names where everybody may make some. */
class PayloadMemoryTest {

    @TempDir
    private Path directory;

    private final PayloadMemory memory = PayloadMemory.of(8 << 20, 1);
    private RunFiles files;

    @BeforeEach
    void of() {
        files = new RunFiles(directory);
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(files.arena(1));
    }

    @Test
    void nameThatIsTakenBefore_isNotTrusted() throws IOException {
        var other = Files.writeString(directory.resolve("other"), "of somebody else");
        Files.createSymbolicLink(files.arena(1), other);

        assertThat(memory.create(files.arena(1))).isEmpty();
        assertThat(files.arenas()).as("a link is none").isEmpty();
        assertThat(other).hasContent("of somebody else");
    }

    @Test
    void whatNobodyHasMapped_endsWithTheRunDirectory() throws IOException {
        memory.create(files.arena(1)).orElseThrow().close();
        assertThat(files.arenas()).containsExactly(files.arena(1));

        DeleteTree.at(files);
        assertThat(files.arena(1)).doesNotExist();
    }
}
