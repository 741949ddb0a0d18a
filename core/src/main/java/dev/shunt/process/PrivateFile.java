package dev.shunt.process;

import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files of a run directory: nobody else's, and not for cleaners of temporary directories. */
final class PrivateFile {

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    /**
     * Read and write for its owner, and the sticky bit: a file that has it is never old for systemd-tmpfiles ({@code
     * dir_cleanup} in its source), whatever clocks and time stamps say.
     */
    private static final int MODE = 01600;

    private PrivateFile() {}

    /** @throws IOException if there is one already, or it cannot be written; none is left then */
    static void write(Path file, byte[] bytes) throws IOException {
        try (var channel = create(file)) {
            for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** A new one, open for both. */
    static FileChannel create(Path file) throws IOException {
        var channel = FileChannel.open(
                file, NEW, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        protect(file);
        return channel;
    }

    /** Where the system has no such bit, nothing: the file is touched now and then as well. */
    static void protect(Path file) {
        try {
            Files.setAttribute(file, "unix:mode", MODE);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            Log.of(PrivateFile.class).debug("{} has no sticky bit: {}", file, e.toString());
        }
    }
}
