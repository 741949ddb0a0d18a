package dev.shunt.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite. The driver unpacks it into a file that it deletes when the JVM ends, and that stays for ever if the JVM is
 * killed; so it is made to unpack into a directory that is deleted as soon as the library is loaded.
 */
final class Driver {

    private static final String PLACE = "org.sqlite.tmpdir";

    private Driver() {}

    /** Does nothing if the library has been loaded before, by whomever. */
    static synchronized void load() throws IOException {
        String before = System.getProperty(PLACE);
        var parent = Path.of(before == null ? System.getProperty("java.io.tmpdir") : before);
        var directory = Files.createTempDirectory(parent, "shunt-sqlite-");
        System.setProperty(PLACE, directory.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new IOException(
                    "SQLite could not be loaded from " + parent
                            + ": name a directory from which programs may be run, with -D" + PLACE + "=DIRECTORY",
                    e);
        } finally {
            if (before == null) {
                System.clearProperty(PLACE);
            } else {
                System.setProperty(PLACE, before);
            }
            delete(directory);
        }
    }

    /** Where a loaded library cannot be deleted, the driver does it at the end of the JVM. */
    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                file.toFile().delete();
            }
        }
        directory.toFile().delete();
    }
}
