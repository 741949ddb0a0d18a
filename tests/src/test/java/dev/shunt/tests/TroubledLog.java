package dev.shunt.tests;

import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A task log in the memory of a test, which outlives the servers that use it one after the other, and has the troubles of a
 * disk when the test wants it to.
 */
final class TroubledLog implements TaskLog {

    private final MemoryTaskLog kept;

    /** Bytes that were read and whose tasks have not ended, by id. */
    private final Map<Long, Integer> inMemory = new HashMap<>();

    private final Deque<Runnable> held = new ArrayDeque<>();
    private long mostBytesInMemory;
    private boolean holds;

    /** Ids of rows that are damaged. */
    final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    final AtomicInteger readsToFail = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    volatile Predicate<Entry> refuses = _ -> false;
    volatile boolean reservesNothing;
    volatile CountDownLatch closes = new CountDownLatch(0);
    volatile boolean closed;

    TroubledLog() {
        this(new MemoryTaskLog());
    }

    TroubledLog(MemoryTaskLog kept) {
        this.kept = kept;
    }

    /** From a program that is gone. */
    void left(StoredTask task) {
        kept.append(new Entry.Accepted(task), Durability.MEMORY, _ -> {});
    }

    void left(DeadTask letter) {
        kept.append(new Entry.Died(letter), Durability.MEMORY, _ -> {});
    }

    /** Entries take effect from now on, but nobody hears of it before {@link #release}. */
    synchronized void hold() {
        holds = true;
    }

    synchronized int held() {
        return held.size();
    }

    synchronized void release() {
        holds = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    synchronized long mostBytesInMemory() {
        return mostBytesInMemory;
    }

    @Override
    public synchronized void append(Entry entry, Durability durability, Consumer<@Nullable IOException> done) {
        if (refuses.test(entry)) {
            refused.incrementAndGet();
            done.accept(new IOException("the disk is full"));
            return;
        }
        if (entry instanceof Entry.Settled) {
            inMemory.remove(entry.taskId());
        }
        kept.append(entry, Durability.MEMORY, problem -> {
            if (holds) {
                held.add(() -> done.accept(problem));
            } else {
                done.accept(problem);
            }
        });
    }

    @Override
    public synchronized Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException {
        fail();
        var page = kept.tasks(after, upTo, limit, maxBytes);
        var tasks = page.tasks();
        for (int i = 0; i < tasks.size(); i++) {
            if (damaged.contains(tasks.get(i).id())) {
                long position = kept.tasks(after, upTo, i + 1, Long.MAX_VALUE).last();
                if (i == 0) {
                    throw unreadable(tasks.getFirst().id(), position);
                }
                return read(kept.tasks(after, upTo, i, Long.MAX_VALUE));
            }
        }
        return read(page);
    }

    private Page read(Page page) {
        page.tasks().forEach(this::read);
        return page;
    }

    private void read(StoredTask task) {
        inMemory.put(task.id(), task.data().bytes().length);
        mostBytesInMemory = Math.max(
                mostBytesInMemory,
                inMemory.values().stream().mapToLong(Integer::longValue).sum());
    }

    private void fail() throws IOException {
        if (readsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("the disk does not answer");
        }
    }

    private static UnreadableTaskException unreadable(long id, long position) {
        return new UnreadableTaskException(id, position, "task " + id + " cannot be read: nonsense", new IOException());
    }

    @Override
    public synchronized Optional<StoredTask> task(long taskId) throws IOException {
        fail();
        if (damaged.contains(taskId)) {
            throw unreadable(taskId, 0);
        }
        var task = kept.task(taskId);
        task.ifPresent(this::read);
        return task;
    }

    @Override
    public long lastPosition() throws IOException {
        return kept.lastPosition();
    }

    @Override
    public long taskCount() throws IOException {
        return kept.taskCount();
    }

    @Override
    public Optional<DeadTask> dead(long taskId) throws IOException {
        if (damaged.contains(taskId)) {
            throw unreadable(taskId, 0);
        }
        return kept.dead(taskId);
    }

    @Override
    public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        return kept.deadTasks(afterId, limit, maxBytes);
    }

    @Override
    public long deadCount() throws IOException {
        return kept.deadCount();
    }

    @Override
    public boolean outlivesProcess() {
        return true;
    }

    @Override
    public long reserve(int count) throws IOException {
        if (reservesNothing) {
            throw new IOException("the disk gives no numbers");
        }
        return kept.reserve(count);
    }

    @Override
    public void close() {
        closed = true;
        try {
            closes.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
