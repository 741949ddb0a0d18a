package dev.shunt.testkit;

import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stands for the log of a program that has one: takes what is to be durable, and writes nothing. */
final class UnwrittenTaskLog implements TaskLog {

    private final MemoryTaskLog memory = new MemoryTaskLog();

    @Override
    public void append(Entry entry, Durability durability, Consumer<@Nullable IOException> done) {
        memory.append(entry, Durability.MEMORY, done);
    }

    @Override
    public Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException {
        return memory.tasks(after, upTo, limit, maxBytes);
    }

    @Override
    public Optional<StoredTask> task(long taskId) throws IOException {
        return memory.task(taskId);
    }

    @Override
    public long lastPosition() throws IOException {
        return memory.lastPosition();
    }

    @Override
    public long taskCount() throws IOException {
        return memory.taskCount();
    }

    @Override
    public Optional<DeadTask> dead(long taskId) throws IOException {
        return memory.dead(taskId);
    }

    @Override
    public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        return memory.deadTasks(afterId, limit, maxBytes);
    }

    @Override
    public long deadCount() throws IOException {
        return memory.deadCount();
    }

    @Override
    public boolean outlivesProcess() {
        return true;
    }

    @Override
    public long reserve(int count) throws IOException {
        return memory.reserve(count);
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
