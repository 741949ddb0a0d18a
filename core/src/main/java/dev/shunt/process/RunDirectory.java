package dev.shunt.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * A manager's private directory (mode 0700) {@code shunt-<user>-<pid>-<start and random>}: its socket, the slot tables,
 * the payloads. Its lock file is locked as long as the manager lives; whoever can lock it knows that the manager is dead
 * and may delete the directory: the next manager at its start, or a child that was left alone.
 */
public final class RunDirectory implements AutoCloseable {

    // Why no directory is deleted under a manager that is just making it: a cleaner deletes only under the lock, and
    // the
    // lock file before the directory; a maker owns the directory only once it has the lock and the lock file is still
    // there. Whatever a cleaner does in between, one of the maker's steps fails, and it starts again under another
    // name.
    //
    // Why the start of the process is in the name: a POSIX lock is lost when the process closes any descriptor of the
    // file, so this process must not even open the lock files of its own directories, and a pid alone does not tell
    // them from those of a dead process (in a container the manager's pid is always the same).

    /** A Unix socket's path has room for 108 bytes, the last of which is zero. Source: unix(7). */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final int ATTEMPTS = 20;
    private static final Logger LOG = Log.of(RunDirectory.class);

    private final RunFiles files;
    private final FileChannel lock;
    private final String secret;

    private RunDirectory(RunFiles files, FileChannel lock, String secret) {
        this.files = files;
        this.lock = lock;
        this.secret = secret;
    }

    /**
     * A fresh directory under {@code java.io.tmpdir}, or under {@code /tmp} if a socket's path would be too long there;
     * those of dead managers of the same user are deleted first.
     *
     * @throws UncheckedIOException if no directory can be made there
     */
    public static RunDirectory create() {
        return create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static RunDirectory create(Path wanted) {
        var random = new SecureRandom();
        var parent = shortEnough(wanted.toAbsolutePath());
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                var files = new RunFiles(parent.resolve(namePrefix() + hex(random, 4)));
                var lock = make(files);
                if (lock != null) {
                    removeAbandonedNextTo(files.directory());
                    Files.createDirectory(files.payloads());
                    return new RunDirectory(files, lock, hex(random, 16));
                }
            }
            throw new IOException("other processes delete it as soon as it is made");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make a run directory under " + parent + ", -Djava.io.tmpdir sets another place: " + e, e);
        }
    }

    public Path path() {
        return files.directory();
    }

    /** Where the manager listens for its children. */
    public Path socket() {
        return files.socket();
    }

    /** For large payloads. */
    public Path payloads() {
        return files.payloads();
    }

    /** 128 random bits as text, told to children in their environment; who says them is one of them. */
    public String secret() {
        return secret;
    }

    RunFiles files() {
        return files;
    }

    /** Deletes everything and gives up the lock. */
    @Override
    public void close() {
        try (lock) {
            DeleteTree.at(files);
        } catch (IOException e) {
            LOG.warn("the run directory {} cannot be deleted: {}", files.directory(), e.toString());
        }
    }

    /**
     * For a child whose link has ended: deletes the directory if the manager is dead, or dies while this waits; the end
     * of a link is seen a moment before the end of a process.
     *
     * @return whether the directory is gone
     */
    public static boolean removeAbandoned(Path directory, Duration atMost) {
        var removed = new AtomicBoolean();
        var waiting = Thread.ofPlatform()
                .daemon()
                .name("shunt-remove-run-directory")
                .start(() -> {
                    removed.set(removeIfLockable(new RunFiles(directory), true));
                });
        try {
            waiting.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.interrupt();
        return removed.get();
    }

    /** The locked lock file, or null if a cleaner was faster. */
    private static @Nullable FileChannel make(RunFiles files) throws IOException {
        Files.createDirectory(
                files.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            var channel = FileChannel.open(files.lock(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (channel.tryLock() != null && Files.exists(files.lock())) {
                return channel;
            }
            channel.close();
        } catch (NoSuchFileException e) {
            LOG.debug("{} was taken for a dead manager's while it was made", files.directory());
        }
        return null;
    }

    private static void removeAbandonedNextTo(Path own) throws IOException {
        var owner = Files.getOwner(own);
        try (var others = Files.newDirectoryStream(own.getParent(), "shunt-" + user() + "-*")) {
            for (var other : others) {
                if (Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(owner)
                        && removeIfLockable(new RunFiles(other), false)) {
                    LOG.info("deleted {}, left by a manager that was killed", other);
                }
            }
        } catch (IOException e) {
            LOG.warn("directories left by killed managers cannot be looked for: {}", e.toString());
        }
    }

    private static boolean removeIfLockable(RunFiles files, boolean wait) {
        if (files.directory().getFileName().toString().startsWith(namePrefix())) {
            return false;
        }
        try (var channel = FileChannel.open(files.lock(), StandardOpenOption.WRITE);
                var held = wait ? channel.lock() : channel.tryLock()) {
            if (held == null) {
                return false;
            }
            DeleteTree.at(files);
            return true;
        } catch (NoSuchFileException e) {
            // Just being made, or half deleted: nothing is lost by deleting it as long as it is empty.
            return DeleteTree.ifEmpty(files.directory());
        } catch (OverlappingFileLockException e) { // another thread of this process is at it
            return false;
        } catch (IOException e) {
            LOG.debug("{} stays: {}", files.directory(), e.toString());
            return false;
        }
    }

    private static Path shortEnough(Path parent) {
        if (fits(parent)) {
            return parent;
        }
        var fallback = Path.of("/tmp");
        LOG.info("{} is too long for the path of a Unix socket, the run directory is made under {}", parent, fallback);
        return fallback;
    }

    private static boolean fits(Path parent) {
        var longest = new RunFiles(parent.resolve(namePrefix() + "12345678")).socket();
        return longest.toString().getBytes(CommandLine.nativeCharset()).length <= MAX_SOCKET_PATH_BYTES;
    }

    /** The same for all directories of this process, and for no others. */
    private static String namePrefix() {
        var process = ProcessHandle.current();
        long started = process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        return "shunt-" + user() + '-' + process.pid() + '-' + Long.toString(started, Character.MAX_RADIX);
    }

    private static String user() {
        String plain = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9]", "");
        return plain.substring(0, Math.min(plain.length(), 16));
    }

    private static String hex(SecureRandom random, int bytes) {
        var value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
