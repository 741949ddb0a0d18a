package dev.shunt.task;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskLog} that ends with the process: for dead letters of programs that keep nothing on a disk. Holds so many
 * letters, and so many bytes of them, and then lets the one go that died first. Refuses tasks that must outlive the
 * manager. Has no thread: {@code done} is called before {@link #append} returns.
 */
public final class MemoryTaskLog implements TaskLog {

    public static final int DEFAULT_MAX_DEAD = 10_000;

    /** 64 MiB, or a sixteenth of the heap if that is less. */
    public static final long DEFAULT_MAX_DEAD_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** By their position; and where each is, by its id. */
    private final NavigableMap<Long, StoredTask> tasks = new TreeMap<>();

    private final Map<Long, Long> positions = new HashMap<>();
    private final NavigableMap<Long, DeadTask> dead = new TreeMap<>();
    private final LinkedHashSet<Long> inOrderOfDeath = new LinkedHashSet<>();
    private final int maxDead;
    private final long maxDeadBytes;
    private long deadBytes;
    private long dropped;
    private long reserved;
    private long accepted;
    private boolean closed;

    public MemoryTaskLog() {
        this(DEFAULT_MAX_DEAD, DEFAULT_MAX_DEAD_BYTES);
    }

    /**
     * @param maxDead letters to keep, at least 0
     * @param maxDeadBytes of their payloads, contexts and reasons together, at least 0
     */
    public MemoryTaskLog(int maxDead, long maxDeadBytes) {
        if (maxDead < 0 || maxDeadBytes < 0) {
            throw new IllegalArgumentException(
                    "cannot keep " + maxDead + " dead letters in " + maxDeadBytes + " bytes: negative");
        }
        this.maxDead = maxDead;
        this.maxDeadBytes = maxDeadBytes;
    }

    @Override
    public void append(Entry entry, Durability durability, Consumer<@Nullable IOException> done) {
        done.accept(applied(entry, durability));
    }

    private synchronized @Nullable IOException applied(Entry entry, Durability durability) {
        if (closed) {
            return closedAlready();
        }
        if (entry instanceof Entry.Accepted(StoredTask task) && durability != Durability.MEMORY) {
            return new IOException("task " + task.id() + " is to survive the manager (" + durability
                    + "), and this program keeps tasks in memory: give it a log on a disk,"
                    + " taskLog(SqliteTaskLog.at(file)), or submit the task with Durability.MEMORY");
        }
        apply(entry);
        return null;
    }

    private void apply(Entry entry) {
        switch (entry) {
            case Entry.Accepted(StoredTask task) -> keep(task);
            case Entry.Retried(long id, int attempts, long dueAtMillis) ->
                change(id, task -> task.retried(attempts, dueAtMillis));
            case Entry.Begun(long id, int attempts, int deaths) -> change(id, task -> task.begun(attempts, deaths));
            case Entry.Settled(long id) -> forget(id);
            case Entry.Died(DeadTask letter) -> {
                forget(letter.id());
                addDead(letter);
            }
            case Entry.Revived(long id, long dueAtMillis) ->
                removeDead(id).ifPresent(letter -> keep(letter.task().revived(dueAtMillis)));
            case Entry.Discarded(long id) -> removeDead(id);
        }
    }

    private void keep(StoredTask task) {
        forget(task.id());
        tasks.put(++accepted, task);
        positions.put(task.id(), accepted);
    }

    private void change(long id, UnaryOperator<StoredTask> change) {
        Long position = positions.get(id);
        if (position != null) {
            tasks.computeIfPresent(position, (_, task) -> change.apply(task));
        }
    }

    private void forget(long id) {
        Long position = positions.remove(id);
        if (position != null) {
            tasks.remove(position);
        }
    }

    private void addDead(DeadTask letter) {
        removeDead(letter.id());
        dead.put(letter.id(), letter);
        inOrderOfDeath.add(letter.id());
        deadBytes += bytes(letter);
        while (dead.size() > maxDead || deadBytes > maxDeadBytes) {
            removeDead(inOrderOfDeath.getFirst());
            dropped++;
        }
    }

    private Optional<DeadTask> removeDead(long id) {
        var letter = dead.remove(id);
        if (letter != null) {
            inOrderOfDeath.remove(id);
            deadBytes -= bytes(letter);
        }
        return Optional.ofNullable(letter);
    }

    private static long bytes(DeadTask letter) {
        var task = letter.task();
        return (long) task.data().bytes().length
                + task.options().context().bytes().length
                + letter.reason().length();
    }

    @Override
    public synchronized Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException {
        checkOpen();
        var page = new ArrayList<StoredTask>();
        long last = after;
        long bytes = 0;
        for (var kept : tasks.tailMap(after, false).entrySet()) {
            if (kept.getKey() > upTo || page.size() == limit || bytes >= maxBytes) {
                break;
            }
            page.add(kept.getValue());
            last = kept.getKey();
            bytes += kept.getValue().data().bytes().length;
        }
        return new Page(page, last);
    }

    @Override
    public synchronized Optional<StoredTask> task(long taskId) throws IOException {
        checkOpen();
        return Optional.ofNullable(positions.get(taskId)).map(tasks::get);
    }

    @Override
    public synchronized long lastPosition() throws IOException {
        checkOpen();
        return tasks.isEmpty() ? 0 : tasks.lastKey();
    }

    @Override
    public synchronized List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        checkOpen();
        return DeadTask.first(dead.tailMap(afterId, false).values(), limit, maxBytes);
    }

    @Override
    public synchronized Optional<DeadTask> dead(long taskId) throws IOException {
        checkOpen();
        return Optional.ofNullable(dead.get(taskId));
    }

    @Override
    public synchronized long taskCount() throws IOException {
        checkOpen();
        return tasks.size();
    }

    @Override
    public synchronized long deadCount() throws IOException {
        checkOpen();
        return dead.size();
    }

    /** How many letters have been let go because there were too many. */
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized long reserve(int count) throws IOException {
        if (count <= 0) {
            throw new IllegalArgumentException("cannot reserve " + count + " numbers");
        }
        checkOpen();
        long first = reserved;
        reserved += count;
        return first;
    }

    @Override
    public boolean outlivesProcess() {
        return false;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw closedAlready();
        }
    }

    private static IOException closedAlready() {
        return new IOException("the task log is closed: the program is ending");
    }
}
