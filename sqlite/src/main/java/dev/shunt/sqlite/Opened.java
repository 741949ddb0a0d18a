package dev.shunt.sqlite;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a log has open, closed in the other order: the lock on the file goes last, when SQLite has let go of it. */
final class Opened {

    private final TaskFile file;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    Opened(TaskFile file) {
        this.file = file;
    }

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    void close() throws IOException {
        IOException failure = null;
        for (var part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                failure = failure == null ? file.failed("could not be closed", e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
