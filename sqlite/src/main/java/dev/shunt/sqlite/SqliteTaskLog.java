package dev.shunt.sqlite;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in an SQLite file: {@code server.set(settings -> settings.taskLog(SqliteTaskLog.at(file)))}. {@link
 * Durability#DISK} means handed to the operating system, {@link Durability#SYNC} that the disk has confirmed it; an entry
 * with {@code MEMORY} is kept as one with {@code DISK}. One thread writes, what waits is written together, and {@code done}
 * is called on it. While it is open there are {@code FILE-wal}, {@code FILE-shm} and {@code FILE-lock} beside the file; a
 * copy needs the first as well. A file that is damaged or in use is refused, never replaced.
 */
public final class SqliteTaskLog implements TaskLog {

    private final TaskFile file;
    private final Opened opened;
    private final Reader reader;
    private final Inbox inbox = new Inbox();
    private final AtomicLong deadCount = new AtomicLong();
    private final Thread thread;

    private SqliteTaskLog(TaskFile file, Opened opened, Consumer<CommitStep> steps) throws SQLException, IOException {
        this.file = file;
        this.opened = opened;
        var connection = opened.add(file.openToWrite());
        this.reader = opened.add(new Reader(file, file.openToRead()));
        this.deadCount.set(reader.deadCount());
        var writer = new Writer(inbox, connection, file, Presence.of(file), deadCount, steps);
        this.thread = Thread.ofPlatform()
                .name("shunt-task-log")
                .daemon()
                .uncaughtExceptionHandler(new FatalErrors())
                .unstarted(writer);
    }

    /**
     * A log in this file, which is created if there is none. Its directory must exist, on a disk of this machine.
     *
     * @param file relative to the directory in which the program was started
     */
    public static TaskLog.Opener at(Path file) {
        Objects.requireNonNull(file, "SqliteTaskLog.at(null): give the file to keep tasks in");
        if (file.toString().isEmpty()) {
            throw new IllegalArgumentException("SqliteTaskLog.at(\"\"): give the name of the file to keep tasks in");
        }
        return () -> open(file, step -> {});
    }

    static SqliteTaskLog open(Path path, Consumer<CommitStep> steps) throws IOException {
        var named = new TaskFile(path);
        named.checkPlace();
        Driver.load();
        var file = named.real();
        var opened = new Opened(file);
        try {
            opened.add(OwnerLock.take(file));
            file.createIfMissing();
            opened.add(file.lock());
            file.checkHasOneName();
            file.narrow();
            var log = new SqliteTaskLog(file, opened, steps);
            log.thread.start();
            return log;
        } catch (SQLException e) {
            opened.close();
            throw file.failed("cannot be opened", e);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void append(Entry entry, Durability durability, Consumer<@Nullable IOException> done) {
        if (!inbox.add(Request.Append.of(entry, durability, done))) {
            done.accept(file.closed());
        }
    }

    @Override
    public Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException {
        return reader.tasks(after, upTo, limit, maxBytes);
    }

    @Override
    public Optional<StoredTask> task(long taskId) throws IOException {
        return reader.task(taskId);
    }

    @Override
    public long lastPosition() throws IOException {
        return reader.lastPosition();
    }

    @Override
    public Optional<DeadTask> dead(long taskId) throws IOException {
        return reader.dead(taskId);
    }

    @Override
    public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        return reader.deadTasks(afterId, limit, maxBytes);
    }

    @Override
    public long taskCount() throws IOException {
        return reader.taskCount();
    }

    @Override
    public long deadCount() throws IOException {
        if (inbox.isClosed()) {
            throw file.closed();
        }
        return deadCount.get();
    }

    @Override
    public boolean outlivesProcess() {
        return true;
    }

    @Override
    public long reserve(int count) throws IOException {
        if (count <= 0) {
            throw new IllegalArgumentException("cannot reserve " + count + " numbers");
        }
        checkMayWait("reserve");
        var request = new Request.Reserve(count);
        if (!inbox.add(request)) {
            throw file.closed();
        }
        try {
            return request.result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(file.says("was asked for numbers by a thread that has been interrupted"), e);
        }
    }

    @Override
    public void close() throws IOException {
        checkMayWait("close");
        inbox.close();
        awaitWriter();
        opened.close();
    }

    private void awaitWriter() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // what was appended must be kept all the same
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkMayWait(String call) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException(
                    file.says("cannot " + call + " in done, whose thread does it: do it on another thread"));
        }
    }
}
