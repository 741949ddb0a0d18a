package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("processes")
class PayloadFilesTest {

    private static final Data LARGE = Data.of("ü".repeat(PayloadFiles.LARGE_BYTES / 2));

    @TempDir
    Path run;

    private Path directory;
    private PayloadFiles sender;
    private PayloadFiles receiver;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createDirectory(run.resolve("payloads"));
        sender = new PayloadFiles(directory);
        receiver = new PayloadFiles(directory);
    }

    @Test
    void small_travelsInline() {
        var payload = sender.pack(Data.of(new byte[PayloadFiles.LARGE_BYTES - 1]));
        assertThat(payload).isInstanceOf(Payload.Inline.class);
        assertThat(receiver.unpack(payload, Codec.json()).bytes()).hasSize(PayloadFiles.LARGE_BYTES - 1);
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {PayloadFiles.SHARED_BYTES, PayloadFiles.LARGE_BYTES - 1})
    void small_travelsInSharedMemory_orInlineIfThatIsFullOrGone(int size) throws IOException {
        var file = run.resolve("arena");
        sender.share(1, PayloadArena.create(file, 4 * (long) PayloadFiles.LARGE_BYTES));
        receiver.share(1, PayloadArena.open(file));
        var data = Data.of(new byte[size]);

        var shared = sender.pack(data, 1);
        assertThat(shared).isInstanceOf(Payload.InArena.class);
        assertThat(shared.isSmall()).isTrue();
        assertThat(receiver.unpack(shared, Codec.json())).isEqualTo(data);

        var full = sender.pack(data, 1);
        while (full instanceof Payload.InArena) {
            full = sender.pack(data, 1);
        }
        assertThat(full).isInstanceOf(Payload.Inline.class);
        receiver.discardAll(1);
        sender.discardAll(1);
        assertThat(sender.pack(data, 1)).isInstanceOf(Payload.Inline.class);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void large_travelsAsAFileThatTheReceiverRemoves() {
        var payload = sender.pack(LARGE);
        assertThat(payload).isInstanceOf(Payload.InFile.class);
        assertThat(directory).isNotEmptyDirectory();

        assertThat(receiver.unpack(payload, Codec.json())).isEqualTo(LARGE);
        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> receiver.unpack(payload, Codec.json()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(((Payload.InFile) payload).fileName());
    }

    @Test
    void withoutItsDirectory_makesItAgain() throws IOException {
        Files.delete(directory);
        assertThat(receiver.unpack(sender.pack(LARGE), Codec.json())).isEqualTo(LARGE);
        Files.delete(directory);
        Files.delete(run);
        assertThat(receiver.unpack(sender.pack(LARGE), Codec.json())).isEqualTo(LARGE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
                .isEqualTo("rwx------");
        Files.delete(directory);
        sender.discardAll(1);
        sender.discard(new Payload.InFile(Data.Kind.TEXT, "1-2-3"));
    }

    @Test
    void discarded_isGone() {
        var payload = sender.pack(LARGE);
        assertThat(receiver.pack(LARGE)).isNotEqualTo(payload);
        sender.discard(payload);
        sender.discard(payload);
        assertThat(directory).isDirectoryNotContaining(file -> file.endsWith(((Payload.InFile) payload).fileName()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../secret", "/etc/passwd", "a-b-c/../../../secret", "1-2", "1-2-3-4", "1-2-g"})
    void nameFromTheWire_ofNoDirectory_isRefused(String name) throws IOException {
        var secret = Files.writeString(run.resolve("secret"), "kept");
        var payload = new Payload.InFile(Data.Kind.TEXT, name);
        assertThatThrownBy(() -> receiver.unpack(payload, Codec.json())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> receiver.discard(payload)).isInstanceOf(IllegalArgumentException.class);
        assertThat(secret).hasContent("kept");
    }

    /** The shell's limit on file sizes stands for a full disk: the write fails midway. */
    @Test
    void writeThatFails_saysSoAndLeavesNoFile() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 16; exec \"$@\"",
                        "bash",
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PayloadsToFullDisk.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .contains("cannot write a payload of 1000000 bytes to " + directory)
                .contains("File too large")
                .contains("inline still works");
        assertThat(process.waitFor()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    /** Runs as a process of its own. */
    static final class PayloadsToFullDisk {
        public static void main(String[] args) {
            var files = new PayloadFiles(Path.of(args[0]));
            try {
                files.pack(Data.of(new byte[1_000_000]));
            } catch (UncheckedIOException e) {
                System.out.println(e.getMessage());
            }
            var payload = files.pack(Data.of("inline still works"));
            System.out.println(files.unpack(payload, Codec.json()));
        }
    }
}
