package dev.shunt.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite. The driver unpacks it into a file that it deletes when the JVM ends, and that stays for ever if the JVM is
 * killed; so it is made to unpack into a directory that is deleted as soon as the library is loaded. Its lock file is
 * locked until then: one that can be locked was left by a process that was killed, and is deleted by the next.
 */
final class Driver {

    private static final String PLACE = "org.sqlite.tmpdir";
    private static final String PREFIX = "shunt-sqlite-";
    private static final String LOCK = "lock";
    private static final int ATTEMPTS = 20;

    private Driver() {}

    /** Does nothing if the library has been loaded before, by whomever. */
    static synchronized void load() throws IOException {
        String before = System.getProperty(PLACE);
        var parent = Path.of(before == null ? System.getProperty("java.io.tmpdir") : before);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var directory = Files.createTempDirectory(parent, PREFIX);
            try (var lock = FileChannel.open(
                    directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                if (lock.tryLock() != null && Files.exists(directory.resolve(LOCK))) {
                    removeLeftovers(parent, directory);
                    load(directory, before);
                    return;
                }
            } catch (NoSuchFileException _) {
                // Taken for a dead process's while it was made: again, under another name.
            } finally {
                delete(directory);
            }
        }
        throw new IOException("SQLite could not be loaded: other processes delete what is made for it under " + parent);
    }

    private static void load(Path directory, @Nullable String before) throws IOException {
        System.setProperty(PLACE, directory.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new IOException(
                    "SQLite could not be loaded from " + directory.getParent()
                            + ": name a directory from which programs may be run, with -D" + PLACE + "=DIRECTORY",
                    e);
        } finally {
            if (before == null) {
                System.clearProperty(PLACE);
            } else {
                System.setProperty(PLACE, before);
            }
        }
    }

    private static void removeLeftovers(Path parent, Path own) {
        try (var others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (var other : others) {
                if (!other.equals(own)
                        && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(other).equals(Files.getOwner(own))) {
                    removeIfLockable(other);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Then a later start removes them.
        }
    }

    private static void removeIfLockable(Path directory) throws IOException {
        try (var lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (lock.tryLock() != null) {
                delete(directory);
            }
        } catch (NoSuchFileException e) {
            var _ = directory.toFile().delete(); // if it is empty
        } catch (OverlappingFileLockException _) {
            // This process's, loaded by another class loader.
        }
    }

    /** Where a loaded library cannot be deleted, the driver does it at the end of the JVM. The lock goes last. */
    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.filter(file -> !file.endsWith(LOCK)).toList()) {
                file.toFile().delete();
            }
        } catch (NoSuchFileException _) {
            return;
        }
        directory.resolve(LOCK).toFile().delete();
        directory.toFile().delete();
    }
}
