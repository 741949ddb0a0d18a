package dev.shunt.sqlite;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The file on the disk: found, made or refused, and every message about it. A new one is made under another name and
 * renamed when it is whole, so that an empty or half a file is never ours and is refused: nothing that might be damaged
 * is ever replaced by an empty log. All that is made is its owner's alone.
 *
 * @param named as the program names it
 * @param path where it is, with no symbolic link on the way: beside it SQLite puts its own files, and we the lock
 */
record TaskFile(Path named, Path path) {

    private static final Logger LOG = Log.of(TaskFile.class);

    /** What SQLite has beside a file; the first two as long as it is open. */
    private static final List<String> BESIDE = List.of("-wal", "-shm", "-journal");

    /**
     * Of whoever may open it: SQLite waits for readers' locks. It gives the files that it makes beside a file the mode of that
     * one.
     */
    static final String DANGER = "read tasks and stop them";

    /** How long to wait for somebody who writes with the sqlite3 shell. */
    private static final int BUSY_MILLIS = 10_000;

    /** Pages of 4 KiB in the write-ahead log, after which they are moved into the file. */
    private static final int CHECKPOINT_PAGES = 4_000;

    TaskFile(Path path) {
        this(path.toAbsolutePath().normalize(), path.toAbsolutePath().normalize());
    }

    /** The file to which all links lead. */
    TaskFile real() throws IOException {
        try {
            var place = directory().toRealPath();
            return new TaskFile(
                    named,
                    Files.exists(path) ? path.toRealPath() : place.resolve(Objects.requireNonNull(path.getFileName())));
        } catch (IOException e) {
            throw new IOException(says("cannot be found: " + e), e);
        }
    }

    Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private Path directory() {
        return Objects.requireNonNull(path.getParent());
    }

    /** Before it is locked: whether there can be such a file at all. */
    void checkPlace() throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(says("is a directory: name a file in it"));
        }
        if (!Files.isDirectory(directory())) {
            throw new IOException(says("cannot be there, for " + directory() + " is not a directory: create it"));
        }
        if (path.toString().contains("?")) {
            throw new IOException(says("has a '?' in its name, which the driver takes for options: name it otherwise"));
        }
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            throw new IOException(says("is a symbolic link to " + Files.readSymbolicLink(path)
                    + ", which is not there: put that file back, or remove the link to start with an empty log"));
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(says("is neither a file nor missing: name a file"));
        }
    }

    /** Makes it if there is none; the caller has it locked. */
    void createIfMissing() throws IOException {
        if (Files.exists(path)) {
            if (Files.size(path) == 0) {
                throw new IOException(says("is empty, and a task log never is: " + REMEDY));
            }
            return;
        }
        var wal = beside("-wal");
        if (Files.exists(wal) && Files.size(wal) > 0) {
            throw new IOException(says("is missing, but what was last written to it is there, in " + wal
                    + ": put the file back, or move that one away, too, to start with an empty log"));
        }
        create();
    }

    private void create() throws IOException {
        var fresh = new TaskFile(beside("-new"));
        try {
            Files.deleteIfExists(fresh.path); // of a program that was killed here
            for (var suffix : BESIDE) {
                Files.deleteIfExists(fresh.beside(suffix));
            }
            PrivateFile.create(fresh.path).close();
            try (var connection = fresh.connect(SQLiteOpenMode.CREATE)) {
                fresh.useWriteAheadLog(connection);
                Schema.upgrade(connection, Schema.STEPS);
            }
            Files.move(fresh.path, path, ATOMIC_MOVE);
            try (var directory = FileChannel.open(directory())) {
                directory.force(true);
            }
        } catch (SQLException e) {
            throw failed("cannot be created", e);
        } catch (IOException e) {
            throw new IOException(says("cannot be created: " + e + ". May this user write to " + directory() + "?"), e);
        }
    }

    /** Takes from other users what they may do with it and what is beside it. */
    void narrow() throws IOException {
        PrivateFile.narrow(path, DANGER);
        for (var suffix : BESIDE) {
            PrivateFile.narrow(beside(suffix), DANGER);
        }
    }

    /**
     * SQLite finds what was last written by the file's name, so under another name of the same file it would be missing.
     * The caller has it locked.
     */
    void checkHasOneName() throws IOException {
        if (Files.getFileStore(path).supportsFileAttributeView("unix")
                && Files.getAttribute(path, "unix:nlink") instanceof Integer names
                && names > 1) {
            throw new IOException(says("has " + names + " names (hard links), and what was last written to it is beside"
                    + " one of them only: leave it one, and make copies with sqlite3's .backup; \"find DIRECTORY -samefile "
                    + path + "\" finds the others"));
        }
    }

    /** The file itself, whatever its name; it exists. */
    AutoCloseable lock() throws IOException {
        if (!FileLock.isSupported()) {
            return () -> {}; // its name is locked, which there has to do
        }
        try {
            var lock = FileLock.take(path);
            if (lock.taken() == FileLock.Taken.IN_USE) {
                throw OwnerLock.inUse(this, path, null);
            }
            return lock;
        } catch (FileLock.UnsupportedException e) {
            LOG.warn(
                    "{}",
                    says("is locked by its name alone, so start no second program on it under another: "
                            + e.getMessage()));
            return () -> {};
        }
    }

    /** A connection that writes, to a file that has been looked through and is of the newest format. */
    Connection openToWrite() throws IOException {
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw new IOException(
                    says("may not be read and written by this user (" + System.getProperty("user.name") + ")"));
        }
        var inspection = new Inspection(this);
        inspection.beforeOpening();
        try {
            var connection = connect(SQLiteOpenMode.READWRITE);
            try {
                check(connection);
                inspection.structure(connection);
                useWriteAheadLog(connection);
                Schema.upgrade(connection, Schema.STEPS);
                inspection.contents(connection);
                return connection;
            } catch (SQLException | IOException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failed("cannot be opened", e);
        }
    }

    Connection openToRead() throws SQLException {
        return connect(SQLiteOpenMode.READWRITE); // one that only reads could not restore the index of the log
    }

    private void check(Connection connection) throws SQLException, IOException {
        if (Schema.applicationId(connection) != Schema.APPLICATION_ID) {
            throw new IOException(says("is an SQLite database, but not a task log: name another file"));
        }
        int version = Schema.version(connection);
        if (version > Schema.STEPS.size()) {
            throw new IOException(says("has format " + version + ", and this version of Shunt knows formats up to "
                    + Schema.STEPS.size() + ": use the version that wrote it, or a newer one"));
        }
    }

    /** Not through the DriverManager, which finds no driver in a jar that was merged of many. */
    Connection connect(SQLiteOpenMode mode) throws SQLException {
        return connectTo(path.toString(), mode);
    }

    static Connection connectTo(String place, SQLiteOpenMode mode) throws SQLException {
        var config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setOpenMode(SQLiteOpenMode.READWRITE);
        config.setOpenMode(mode);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setGetGeneratedKeys(false); // a query after every insert that nobody asked for
        return config.createConnection("jdbc:sqlite:" + place);
    }

    private void useWriteAheadLog(Connection connection) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            try (var rows = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                rows.next();
                if (!rows.getString(1).equals("wal")) {
                    throw new IOException(says("is on a file system without shared memory,"
                            + " such as that of another machine: put it on a local disk"));
                }
            }
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            statement.execute("PRAGMA journal_size_limit = " + (64 << 20)); // after a burst
            statement.execute("PRAGMA cache_size = -16000");
            statement.execute("PRAGMA secure_delete = OFF");
            statement.execute("PRAGMA fullfsync = ON"); // macOS: its fsync does not wait for the disk
            statement.execute("PRAGMA checkpoint_fullfsync = ON");
        }
    }

    static final String REMEDY = "restore it from a copy, save what can be read with sqlite3's .recover,"
            + " or move it away together with its -wal to start with an empty log";

    /** The beginning of every message. */
    String says(String what) {
        return "the task log " + named + (named.equals(path) ? "" : " (" + path + ")") + " " + what;
    }

    IOException closed() {
        return new IOException(says("is closed: the program is ending"));
    }

    /** A failure with what happened, why, and what to do. */
    IOException failed(String what, Throwable cause) {
        var text = says(what) + ": " + cause.getMessage();
        var remedy = cause instanceof SQLiteException e ? remedy(e.getResultCode()) : "";
        return new IOException(remedy.isEmpty() ? text : text + ". " + remedy, cause);
    }

    private String remedy(SQLiteErrorCode code) {
        return switch (code.code & 0xff) {
            case 13 -> "The disk is full: make room, and new entries are kept again"; // SQLITE_FULL
            case 5, 6 -> // SQLITE_BUSY, SQLITE_LOCKED
                "Another program has written to it for more than " + BUSY_MILLIS / 1_000 + " seconds: end that one";
            case 11, 26 -> "To go on, " + REMEDY; // SQLITE_CORRUPT, _NOTADB
            case 3, 8, 14, 23 -> // SQLITE_PERM, _READONLY, _CANTOPEN, _AUTH
                "May this user (" + System.getProperty("user.name") + ") write to it and to " + directory() + "?";
            case 10 -> // SQLITE_IOERR
                code == SQLiteErrorCode.SQLITE_IOERR_FSYNC
                        ? "The disk may have lost what was written: nothing more is kept until the program is started again"
                        : "The disk cannot be written or read; a limit on the size of files (ulimit -f) looks the same";
            default -> "";
        };
    }

    /** Whether the operating system may have dropped what it could not write to the disk. */
    static boolean isFailedSync(SQLException failure) {
        return failure instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_FSYNC;
    }
}
