package dev.shunt.task;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One task in a {@link TaskLog} is damaged: not the log, and no other task. It stays there as it is. */
public final class UnreadableTaskException extends IOException {

    private static final long serialVersionUID = 1;

    private final long taskId;
    private final long position;

    /** @param position as in {@link TaskLog#tasks}; 0 of a dead letter */
    public UnreadableTaskException(long taskId, long position, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.taskId = taskId;
        this.position = position;
    }

    public long taskId() {
        return taskId;
    }

    public long position() {
        return position;
    }
}
