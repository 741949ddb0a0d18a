package dev.shunt.sqlite;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Group commit: one transaction for everything that was appended while the last one was under way, so that the more waits,
 * the less each pays for the disk. The only one who writes to the file, on a thread of its own. A transaction that fails is
 * rolled back, and all its requests are told; the next is tried as if nothing had happened, unless the disk failed to sync:
 * what it has then forgotten nobody can know before the file is opened again.
 */
final class Writer implements Runnable {

    private static final Logger LOG = Log.of(Writer.class);

    private final Inbox inbox;
    private final Connection connection;
    private final TaskFile file;
    private final Presence presence;
    private final AtomicLong deadCount;
    private final Consumer<CommitStep> steps;
    private @Nullable Tables tables;
    private @Nullable IOException broken;
    private long failedInARow;

    /** @param deadCount kept up to date */
    Writer(
            Inbox inbox,
            Connection connection,
            TaskFile file,
            Presence presence,
            AtomicLong deadCount,
            Consumer<CommitStep> steps) {
        this.inbox = inbox;
        this.connection = connection;
        this.file = file;
        this.presence = presence;
        this.deadCount = deadCount;
        this.steps = steps;
    }

    @Override
    public void run() {
        for (var batch = inbox.take(); !batch.isEmpty(); batch = inbox.take()) {
            write(batch);
        }
    }

    private void write(List<Request> batch) {
        var failures = new @Nullable IOException[batch.size()];
        if (broken != null) {
            Arrays.fill(failures, broken);
        } else {
            try {
                transaction(batch, failures);
                worked();
            } catch (SQLException | IOException | RuntimeException | Error e) {
                FatalErrors.letOn(e);
                Arrays.fill(failures, failed(batch.size(), e));
            }
        }
        for (int i = 0; i < failures.length; i++) {
            tell(batch.get(i), failures[i]);
        }
        steps.accept(CommitStep.TOLD);
    }

    private void transaction(List<Request> batch, @Nullable IOException[] failures) throws SQLException, IOException {
        var needless = needless(batch);
        var open = tables == null ? new Tables(connection) : tables;
        tables = open;
        open.begin(batch.stream().anyMatch(Request::synced));
        steps.accept(CommitStep.BEGUN);
        for (int i = 0; i < failures.length; i++) {
            if (!needless.get(i)) {
                failures[i] = apply(batch.get(i), open);
            }
        }
        steps.accept(CommitStep.APPLIED);
        presence.check();
        open.commit();
        deadCount.set(open.deadCount());
        steps.accept(CommitStep.COMMITTED);
    }

    /** What is wrong with this request alone. */
    private @Nullable IOException apply(Request request, Tables open) throws SQLException {
        try {
            switch (request) {
                case Request.Append append -> open.apply(append.entry());
                case Request.Reserve reserve -> reserve.found(open.reserve(reserve.count));
            }
            return null;
        } catch (IllegalArgumentException | UnreadableTaskException e) {
            return new IOException(file.says("cannot keep this: " + e.getMessage()), e);
        }
    }

    /** Tasks that are settled in the batch in which they were accepted are never written. */
    private static BitSet needless(List<Request> batch) {
        var needless = new BitSet(batch.size());
        Map<Long, Integer> accepted = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof Request.Append append) {
                var entry = append.entry();
                switch (entry) {
                    case Entry.Accepted _ -> accepted.put(entry.taskId(), i);
                    case Entry.Settled _ -> {
                        var before = accepted.remove(entry.taskId());
                        if (before != null) {
                            needless.set(before);
                        }
                    }
                    case Entry.Retried _, Entry.Begun _ -> {} // finds nothing if the task is not written
                    case Entry.Died _, Entry.Revived _, Entry.Discarded _ -> accepted.remove(entry.taskId());
                }
            }
        }
        return needless;
    }

    private IOException failed(int requests, Throwable cause) {
        var failure = file.failed("could not write, and keeps none of " + requests + " entries", cause);
        if (cause instanceof SQLException e && TaskFile.isFailedSync(e)) {
            broken = failure;
        }
        if (failedInARow++ == 0) {
            LOG.error("{}", failure.getMessage());
        }
        try {
            if (tables != null) {
                tables.close();
            }
            tables = null;
            tables = new Tables(connection);
            if (cause instanceof Presence.MovedException) {
                tables.checkpoint(); // what was confirmed is not to hang on a file that may have lost its name
            }
        } catch (SQLException e) {
            failure.addSuppressed(e); // tried again with the next batch
        }
        return failure;
    }

    private void worked() {
        if (failedInARow > 0) {
            LOG.info("{} after {} transactions that failed", file.says("can be written again"), failedInARow);
            failedInARow = 0;
        }
    }

    private static void tell(Request request, @Nullable IOException failure) {
        try {
            request.tell(failure);
        } catch (RuntimeException | Error e) {
            FatalErrors.letOn(e); // else nobody would ever hear of this entry
            LOG.error("what was to be told of a task log's entry threw; the next ones are told", e);
        }
    }
}
