package dev.shunt.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Where bodies and uploads that are too large for memory are kept while they are handled. Its owner alone may read it. */
public record Spool(Path directory) {

    private static final FileAttribute<?> OWN_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Where nobody cleans up after a process that was killed. */
    public static Spool temporary() {
        return new Spool(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** A new file; its directory is made again if something has removed it, such as a cleaner of temporary directories. */
    Path create(String prefix) throws IOException {
        try {
            return Files.createTempFile(directory, prefix, "");
        } catch (NoSuchFileException e) {
            Files.createDirectories(
                    Files.isSymbolicLink(directory) ? Files.readSymbolicLink(directory) : directory, OWN_ONLY);
            return Files.createTempFile(directory, prefix, "");
        }
    }
}
