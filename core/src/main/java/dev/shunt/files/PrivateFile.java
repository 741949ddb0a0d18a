package dev.shunt.files;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;

/** Files for their owner alone, whatever the umask; where the file system keeps modes. */
public final class PrivateFile {

    private static final Logger LOG = Log.of(PrivateFile.class);

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);

    /**
     * Read and write for its owner, and the sticky bit: a file that has it is never old for systemd-tmpfiles ({@code
     * dir_cleanup} in its source), whatever clocks and time stamps say.
     */
    private static final int STICKY = 01600;

    private PrivateFile() {}

    /**
     * A new one, open to read and write, that has its mode from the beginning.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    public static FileChannel create(Path file) throws IOException {
        var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        FileAttribute<?>[] attributes = keepsModes(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(EnumSet.of(OWNER_READ, OWNER_WRITE))}
                : new FileAttribute<?>[0];
        return FileChannel.open(file, NEW, attributes);
    }

    /** @throws IOException if there is one already, or it cannot be written; none is left then */
    public static void write(Path file, byte[] bytes) throws IOException {
        try (var channel = create(file)) {
            for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Whether it is a file of this user's, and no link, for one in a directory where everybody may make some. */
    public static boolean isOwn(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isThisUsers(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("{} is not known to be this user's: {}", file, e.toString());
            return false;
        }
    }

    /** @throws UnsupportedOperationException where files have no owners by number */
    public static boolean isThisUsers(Path path, LinkOption... options) throws IOException {
        return Files.getAttribute(path, "unix:uid", options)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** Where the system has no such bit, nothing: a file of a run directory is touched now and then as well. */
    public static void keepFromCleaners(Path file) {
        try {
            Files.setAttribute(file, "unix:mode", STICKY);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("{} has no sticky bit: {}", file, e.toString());
        }
    }

    /**
     * Takes from others what they may do with a file, if there is one, and says so; or says that it cannot.
     *
     * @param danger what they could do
     */
    public static void narrow(Path file, String danger) throws IOException {
        if (!Files.exists(file) || !keepsModes(file)) {
            return;
        }
        var found = Files.getPosixFilePermissions(file);
        var narrow = EnumSet.copyOf(OWNERS);
        narrow.retainAll(found);
        if (narrow.equals(found)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(file, narrow);
            LOG.warn(
                    "{} was open to other users ({}), who could {}; now it is its owner's alone ({})",
                    file,
                    PosixFilePermissions.toString(found),
                    danger,
                    PosixFilePermissions.toString(narrow));
        } catch (IOException e) {
            LOG.warn(
                    "{} is open to other users ({}), who can {}, and this user may not change that: have {} do \"chmod go="
                            + " {}\"",
                    file,
                    PosixFilePermissions.toString(found),
                    danger,
                    Files.getOwner(file),
                    file);
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
