package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskQueue;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A {@link MemoryTaskQueue} as one node has it open. */
final class MemoryNode implements TaskQueue {

    private final MemoryTaskQueue queue;
    private final MemoryMember me;

    MemoryNode(MemoryTaskQueue queue, MemoryMember me) {
        this.queue = queue;
        this.me = me;
    }

    @Override
    public void append(Entry entry, Durability durability, Consumer<Answer> done) {
        queue.with(tasks -> tasks.answer(done, tasks.take(entry, me)));
    }

    @Override
    public void want(int group, long total) {
        queue.with(_ -> me.want(group, total));
    }

    @Override
    public void progress(Lease lease, Data progress) {
        queue.with(tasks -> tasks.progress(lease, progress));
    }

    @Override
    public Counts counts() {
        return queue.look(SharedTasks::counts);
    }

    @Override
    public List<NodeInfo> nodes() {
        return queue.look(SharedTasks::infos);
    }

    @Override
    public void load(Load load) {
        queue.with(_ -> me.load(load));
    }

    @Override
    public int node() {
        return queue.look(_ -> me.number());
    }

    @Override
    public Optional<DeadTask> dead(long taskId) {
        return queue.look(tasks -> tasks.letters().of(taskId));
    }

    @Override
    public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) {
        return queue.look(tasks -> tasks.letters().after(afterId, limit, maxBytes));
    }

    @Override
    public long reserve(int count) {
        return queue.look(tasks -> tasks.reserve(count));
    }

    @Override
    public void close() {
        queue.with(tasks -> tasks.leave(me));
    }
}
