package dev.shunt.process;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

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

    private static final FileAttribute<?> OWN_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final RunFiles files;
    private final String secret;
    private FileChannel lock;

    private RunDirectory(RunFiles files, FileChannel lock, String secret) {
        this.files = files;
        this.lock = lock;
        this.secret = secret;
    }

    /**
     * A fresh directory under {@code $RUNTIME_DIRECTORY}, {@code $XDG_RUNTIME_DIR} or {@code java.io.tmpdir}, whichever
     * there is first, or under {@code /tmp} if a socket's path would be too long there; those of dead managers of the same
     * user are deleted first, wherever they may be.
     *
     * @throws UncheckedIOException if no directory can be made there
     */
    public static RunDirectory create() {
        return create(RunParents.ofThisProcess());
    }

    /** As the other one, in this directory. */
    public static RunDirectory create(Path parent) {
        return create(new RunParents(List.of(parent.toAbsolutePath())));
    }

    static RunDirectory create(RunParents parents) {
        var random = new SecureRandom();
        var parent = parents.best(RunDirectory::fits);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                var files = new RunFiles(parent.resolve(namePrefix() + hex(random, 4)));
                var lock = make(files);
                if (lock != null) {
                    parents.all().forEach(place -> removeAbandonedIn(place, files.directory()));
                    Files.createDirectory(files.payloads(), OWN_ONLY);
                    makeSpool(
                            files, Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
                    return new RunDirectory(files, lock, hex(random, 16));
                }
            }
            throw new IOException("other processes delete it as soon as it is made");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make a run directory under " + parent
                            + ", -Djava.io.tmpdir or RUNTIME_DIRECTORY in the environment sets another place: " + e,
                    e);
        }
    }

    /** Where a program that is started as this process was, has its run directory. */
    public static Path place() {
        return RunParents.ofThisProcess().best(RunDirectory::fits);
    }

    /** On the disk of temporary files, wherever the directory is: {@code /run} is memory. */
    private static void makeSpool(RunFiles files, Path disk) throws IOException {
        var directory = files.directory();
        if (directory.startsWith(disk)) {
            Files.createDirectory(files.spool(), OWN_ONLY);
        } else {
            var target = disk.resolve("spool-of-" + directory.getFileName());
            Files.createSymbolicLink(files.spool(), Files.createDirectory(target, OWN_ONLY));
        }
    }

    public Path path() {
        return files.directory();
    }

    /** Where the manager listens for its children. */
    public Path socket() {
        return files.socket();
    }

    /** Where children get listening sockets. */
    public Path sockets() {
        return files.sockets();
    }

    /** Why no child can come. */
    String socketGone() {
        return "the socket " + socket() + " is gone: removed by another program, such as a cleaner of temporary"
                + " directories";
    }

    /** Where the program is asked and steered. */
    public Path control() {
        return files.control();
    }

    /** Who the program is. */
    public Path manifest() {
        return files.manifest();
    }

    /** For large payloads. */
    public Path payloads() {
        return files.payloads();
    }

    /** For bodies of requests that are too large for memory. */
    public Path spool() {
        return files.spool();
    }

    /** 128 random bits as text, told to children in their environment; who says them is one of them. */
    public String secret() {
        return secret;
    }

    RunFiles files() {
        return files;
    }

    /**
     * Touches all of it, so that no cleaner takes it for forgotten, and makes again what one has removed all the same; but
     * for the socket, which is not made here. To be called now and then; reads and writes the disk.
     */
    public synchronized void keep(Clock clock) {
        try {
            if (!lock.isOpen()) {
                return;
            }
            var missing = Stream.of(files.directory(), files.lock(), files.payloads())
                    .filter(Files::notExists)
                    .toList();
            if (!missing.isEmpty()) {
                LOG.warn(
                        "{} {} gone: removed by another program, such as a cleaner of temporary directories; made again."
                                + " RUNTIME_DIRECTORY in the environment names a place that is not cleaned",
                        missing,
                        missing.size() == 1 ? "was" : "were");
                make(missing);
            }
            touchLock();
            touch(files.directory(), FileTime.fromMillis(clock.epochMillis()));
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("the run directory {} cannot be kept from cleaners: {}", files.directory(), e.toString());
        }
    }

    private void make(List<Path> missing) throws IOException {
        for (var path : missing) {
            if (!path.equals(files.lock())) {
                Files.createDirectory(path, OWN_ONLY);
            } else {
                // Locked before it has its name, so that nobody else can lock it.
                Files.deleteIfExists(files.freshLock());
                var channel = PrivateFile.create(files.freshLock());
                PrivateFile.keepFromCleaners(files.freshLock());
                channel.lock();
                Files.move(files.freshLock(), files.lock(), StandardCopyOption.ATOMIC_MOVE);
                lock.close();
                lock = channel;
            }
        }
    }

    /** By use: to set its times would open and close it, and so give up the lock. */
    private void touchLock() throws IOException {
        lock.write(ByteBuffer.allocate(1), 0);
        lock.read(ByteBuffer.allocate(1), 0);
    }

    private void touch(Path directory, FileTime now) throws IOException {
        touchOne(directory, now);
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    touch(entry, now);
                } else if (!entry.equals(files.lock())) {
                    touchOne(entry, now);
                }
            }
        }
    }

    private static void touchOne(Path path, FileTime now) throws IOException {
        try {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(now, now, null);
        } catch (NoSuchFileException e) {
            LOG.trace("{} went meanwhile, as payloads do", path);
        }
    }

    /** Deletes everything and gives up the lock. */
    @Override
    public synchronized void close() {
        try (var _ = lock) {
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
        Files.createDirectory(files.directory(), OWN_ONLY);
        try {
            var channel = PrivateFile.create(files.lock());
            PrivateFile.keepFromCleaners(files.lock());
            if (channel.tryLock() != null && Files.exists(files.lock())) {
                return channel;
            }
            channel.close();
        } catch (NoSuchFileException e) {
            LOG.debug("{} was taken for a dead manager's while it was made", files.directory());
        }
        return null;
    }

    private static void removeAbandonedIn(Path place, Path own) {
        try (var others = Files.newDirectoryStream(place, "shunt-" + user() + "-*")) {
            var owner = Files.getOwner(own);
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
            if (Files.exists(files.lock())) { // else its owner has just deleted it, in order
                new Subprocesses(files.directory(), Clock.system()).endLeftOver(files.serials());
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
