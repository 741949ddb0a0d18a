package dev.shunt.sqlite;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Files for their owner alone. Whoever may read a task log reads what is in it, and can stop it with a lock: SQLite waits
 * for readers' locks. SQLite gives the files that it makes beside a file the mode of that one.
 */
final class PrivateFiles {

    private static final Logger LOG = Log.of(PrivateFiles.class);
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);

    private PrivateFiles() {}

    /** An empty one that has its mode from the beginning, whatever the umask. */
    static void create(Path path) throws IOException {
        if (keepsModes(Objects.requireNonNull(path.toAbsolutePath().getParent()))) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(EnumSet.of(OWNER_READ, OWNER_WRITE)));
        } else {
            Files.createFile(path);
        }
    }

    static void createIfMissing(Path path) throws IOException {
        try {
            create(path);
        } catch (FileAlreadyExistsException e) {
            narrow(path);
        }
    }

    /** Takes from others what they may do with a file, if there is one, and says so; or says that it cannot. */
    static void narrow(Path path) throws IOException {
        if (!Files.exists(path) || !keepsModes(path)) {
            return;
        }
        var found = Files.getPosixFilePermissions(path);
        var narrow = EnumSet.copyOf(OWNERS);
        narrow.retainAll(found);
        if (narrow.equals(found)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path, narrow);
            LOG.warn(
                    "{} was open to other users ({}), who could read tasks and stop them; now it is its owner's alone ({})",
                    path,
                    PosixFilePermissions.toString(found),
                    PosixFilePermissions.toString(narrow));
        } catch (IOException e) {
            LOG.warn(
                    "{} is open to other users ({}), who can read tasks and stop them, and this user may not change"
                            + " that: have {} do \"chmod go= {}\"",
                    path,
                    PosixFilePermissions.toString(found),
                    Files.getOwner(path),
                    path);
        }
    }

    private static boolean keepsModes(Path path) {
        try {
            return Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class);
        } catch (IOException e) {
            return false; // what is then done with it says why
        }
    }
}
