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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    private static final Data LARGE = Data.of("ü".repeat(Spool.LARGE_BYTES / 2));

    @TempDir
    Path run;

    private Path directory;
    private Spool sender;
    private Spool receiver;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createDirectory(run.resolve("spool"));
        sender = new Spool(directory);
        receiver = new Spool(directory);
    }

    @Test
    void small_travelsInline() {
        var parcel = sender.pack(Data.of(new byte[Spool.LARGE_BYTES - 1]));
        assertThat(parcel).isInstanceOf(Parcel.Inline.class);
        assertThat(receiver.unpack(parcel, Codec.json()).bytes()).hasSize(Spool.LARGE_BYTES - 1);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void large_travelsAsAFileThatTheReceiverRemoves() {
        var parcel = sender.pack(LARGE);
        assertThat(parcel).isInstanceOf(Parcel.Spooled.class);
        assertThat(directory).isNotEmptyDirectory();

        assertThat(receiver.unpack(parcel, Codec.json())).isEqualTo(LARGE);
        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> receiver.unpack(parcel, Codec.json()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(((Parcel.Spooled) parcel).fileName());
    }

    @Test
    void discarded_isGone() {
        var parcel = sender.pack(LARGE);
        assertThat(receiver.pack(LARGE)).isNotEqualTo(parcel);
        sender.discard(parcel);
        sender.discard(parcel);
        assertThat(directory).isDirectoryNotContaining(file -> file.endsWith(((Parcel.Spooled) parcel).fileName()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../secret", "/etc/passwd", "a-b-c/../../../secret", "1-2", "1-2-3-4", "1-2-g"})
    void nameFromTheWire_ofNoSpool_isRefused(String name) throws IOException {
        var secret = Files.writeString(run.resolve("secret"), "kept");
        var parcel = new Parcel.Spooled(Data.Kind.TEXT, name);
        assertThatThrownBy(() -> receiver.unpack(parcel, Codec.json())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> receiver.discard(parcel)).isInstanceOf(IllegalArgumentException.class);
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
                        SpoolToFullDisk.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .contains("cannot spool a payload of 1000000 bytes to " + directory)
                .contains("File too large")
                .contains("inline still works");
        assertThat(process.waitFor()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    /** Runs as a process of its own. */
    static final class SpoolToFullDisk {
        public static void main(String[] args) {
            var spool = new Spool(Path.of(args[0]));
            try {
                spool.pack(Data.of(new byte[1_000_000]));
            } catch (UncheckedIOException e) {
                System.out.println(e.getMessage());
            }
            var parcel = spool.pack(Data.of("inline still works"));
            System.out.println(spool.unpack(parcel, Codec.json()));
        }
    }
}
