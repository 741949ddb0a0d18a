package dev.shunt.sqlite;

import dev.shunt.files.PrivateFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * One log at a time has a name: an exclusive transaction that never ends, on an empty file beside it, which the kernel ends
 * with the process. SQLite's lock and not Java's: Java's is lost for all as soon as any channel to the same file is closed,
 * such as that of a second log in the same process which was refused. It is there before the file is; that the same file
 * has no other owner by another name, {@link FileLock} sees to. The file itself stays open to readers.
 */
final class OwnerLock implements AutoCloseable {

    private final Connection connection;

    private OwnerLock(Connection connection) {
        this.connection = connection;
    }

    private static void createIfMissing(Path path) throws IOException {
        try {
            PrivateFile.create(path).close();
        } catch (FileAlreadyExistsException e) {
            PrivateFile.narrow(path, TaskFile.DANGER);
        }
    }

    static OwnerLock take(TaskFile file) throws IOException {
        Path path = file.beside("-lock");
        try {
            createIfMissing(path);
            PrivateFile.narrow(file.beside("-lock-journal"), TaskFile.DANGER);
            var connection = new TaskFile(path).connect(SQLiteOpenMode.READWRITE);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 0");
                statement.execute("BEGIN EXCLUSIVE");
                return new OwnerLock(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            if (e instanceof SQLiteException failure && failure.getResultCode() == SQLiteErrorCode.SQLITE_BUSY) {
                throw inUse(file, path, e);
            }
            throw file.failed("cannot be locked by " + path, e);
        } catch (IOException e) {
            throw file.failed(
                    "cannot be locked by " + path + ": " + e + ". May this user (" + System.getProperty("user.name")
                            + ") write to " + path.getParent() + "?",
                    e);
        }
    }

    static IOException inUse(TaskFile file, Path locked, @Nullable Throwable cause) {
        return new IOException(
                file.says("is in use by another program, or by another log of this one; \"fuser " + locked
                        + "\" tells which. End that one, or give this program a file of its own"),
                cause);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
