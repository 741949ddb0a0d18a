package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket that is listened on. It is bound in a directory of its own that nobody else can look into, and
 * moved to its place when it has its mode; so nobody is let in before. What lies in that place is removed only if it is a
 * socket that nobody listens on, and at the end only if it is still this one.
 */
final class UnixSocketFile {

    private static final int MAX_BYTES = 107;
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Path file;
    private final Path directory;
    private @Nullable Object key;

    private UnixSocketFile(Path file, Path directory) {
        this.file = file;
        this.directory = directory;
    }

    /** @throws IOException if the place is taken, or cannot be had; says by what, and what to do */
    static UnixSocketFile reserve(Path file) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent());
        if (!Files.isDirectory(parent)) {
            throw new NoSuchFileException(parent + " is no directory; make it before the program starts");
        }
        if (file.toString().getBytes(UTF_8).length > MAX_BYTES) {
            throw new BindException("the name is too long: the system allows " + MAX_BYTES + " bytes");
        }
        checkFree(file);
        return new UnixSocketFile(
                file,
                Files.createTempDirectory(
                        parent,
                        ".",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    private static void checkFree(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE) != SOCKET) {
            throw new BindException("the file exists and is no socket; remove it, or choose another");
        }
        if (!isStale(file)) {
            throw new BindException("another process listens there; stop it (ss -lxp shows it) or choose another file");
        }
    }

    /** Whether nobody listens there any more; what cannot be known is none. */
    private static boolean isStale(Path file) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // a living one with a full backlog must not be waited for
            channel.connect(UnixDomainSocketAddress.of(file));
            return false;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException | IllegalArgumentException e) {
            throw new BindException("it cannot be known whether a process listens there: " + e.getMessage()
                    + "; remove the file if not");
        }
    }

    /** Where to bind. */
    Path bound() {
        return directory.resolve("s");
    }

    /** It can be connected to from now on, by those who may. */
    void publish(Optional<String> mode) throws IOException {
        if (mode.isPresent()) {
            Files.setPosixFilePermissions(bound(), PosixFilePermissions.fromString(mode.get()));
        }
        checkFree(file);
        key = key(bound());
        Files.move(bound(), file, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(directory);
    }

    void giveUp() {
        try {
            Files.deleteIfExists(bound());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unless another program has put its own there. */
    void remove() throws IOException {
        if (key != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS) && key.equals(key(file))) {
            Files.deleteIfExists(file);
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
