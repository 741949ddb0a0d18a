package dev.shunt.engine.manager;

import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.UnreadableTaskException;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that the log keeps and that are not in memory: what an earlier run left, and what did not fit into the queue. They
 * are fetched, oldest first, as there is room: for so many of them, and for so many bytes of those that are not over. One that
 * cannot be read is passed over; a log that cannot be read is asked again. Lives on the main loop.
 */
final class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final int PAGE = 1_000;

    /** Of the payloads of all tasks that were fetched and are not over. */
    private static final long MAX_BYTES = 64L << 20;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Takes what is fetched. */
    interface Taker {

        /** How many there is room for. */
        int room();

        /** @param asker empty if it was asked for in an earlier run */
        void fetched(StoredTask task, Optional<Origin> asker);

        /** It is in the log, but damaged there. */
        void unreadable(long taskId, Optional<Origin> asker, String problem);

        /** There is nothing more of an earlier run. */
        void recovered();
    }

    private final Journal journal;
    private final Loop loop;
    private final Taker taker;

    /** Who asked for a task that is being stored; for one that the log has alone, in the order in which they came. */
    private final Map<Long, Origin> expected = new HashMap<>();

    private final SequencedMap<Long, Origin> spilled = new LinkedHashMap<>();

    /** The bytes of each task that was fetched and is not over. */
    private final Map<Long, Integer> held = new HashMap<>();

    private long heldBytes;

    /** Of the earlier run: how far it is fetched, where it ends, and how many tasks there are between, as positions in the log. */
    private long fetchedUpTo;

    private long end;
    private long left;

    /** Spilled ones that are being read, and those of them that are to end before their turn. */
    private final Set<Long> coming = new HashSet<>();

    private final Set<Long> expedited = new HashSet<>();
    private boolean started;
    private boolean stopped;
    private boolean fetching;
    private Duration pause = Duration.ZERO;
    private @Nullable Future<?> timer;

    /** Waits for the log to say how much is there from before. */
    Backlog(Journal journal, Loop loop, Taker taker) {
        this.journal = journal;
        this.loop = loop;
        this.taker = taker;
        this.end = journal.now(TaskLog::lastPosition);
        this.left = journal.now(TaskLog::taskCount);
    }

    /** Begins to fetch. */
    void start() {
        started = true;
        fetch();
    }

    boolean isEmpty() {
        return spilled.isEmpty() && isRecovered();
    }

    /** Whether all of the earlier run is in the queue, or has been. */
    boolean isRecovered() {
        return fetchedUpTo >= end;
    }

    /** Of this run, also while they are on their way: until there is none, what comes later queues up behind. */
    int spilled() {
        return expected.size() + spilled.size() + coming.size();
    }

    /** How many are still to be fetched. */
    long size() {
        return spilled.size() + coming.size() + left;
    }

    /** It is about to be stored. */
    void expect(TaskItem task) {
        expected.put(task.id(), task.origin());
    }

    /** It could not be stored. */
    void forget(TaskItem task) {
        expected.remove(task.id());
    }

    /** The log has it; it comes back when there is room. */
    void add(TaskItem task) {
        expected.remove(task.id());
        spilled.put(task.id(), task.origin());
        fetch();
    }

    /** A task that was stored is over, or left in the log: if it was fetched, there is room for others. */
    void over(long taskId) {
        Integer bytes = held.isEmpty() ? null : held.remove(taskId);
        if (bytes != null) {
            heldBytes -= bytes;
            fetch();
        }
    }

    /** The program stops: what is from before stays where it is; whoever asked for the rest is to be told so. */
    void stop() {
        stopped = true;
        fetchedUpTo = end;
        left = 0;
        if (timer != null && timer.cancel(false)) {
            again(); // while there is time
        }
    }

    /** No more time for that either. */
    void giveUp() {
        if (!spilled.isEmpty()) {
            LOG.warn(
                    "{} tasks stay in the log, and run when the program is started next; their callers are not told",
                    spilled.size());
            spilled.clear();
        }
    }

    /** Call when there may be room. */
    void fetch() {
        int count = !started || fetching || isEmpty() ? 0 : Math.min(PAGE, taker.room());
        long bytes = MAX_BYTES - heldBytes;
        if (count <= 0 || bytes <= 0) {
            return;
        }
        fetching = true;
        if (isRecovered()) {
            fetchSpilled(count, bytes);
        } else {
            long after = fetchedUpTo;
            long upTo = end;
            journal.read(log -> log.tasks(after, upTo, count, bytes), this::recovered, this::notRecovered);
        }
    }

    private void recovered(TaskLog.Page page) {
        page.tasks().forEach(task -> fetched(task, Optional.empty()));
        recoveredUpTo(page.tasks().isEmpty() ? end : page.last(), page.tasks().size());
        worked();
    }

    private void notRecovered(IOException problem) {
        if (problem instanceof UnreadableTaskException unreadable) {
            taker.unreadable(unreadable.taskId(), Optional.empty(), staysThere(unreadable));
            recoveredUpTo(unreadable.position(), 1);
            worked();
        } else {
            failed(problem);
        }
    }

    private void recoveredUpTo(long position, int tasks) {
        if (!stopped) {
            fetchedUpTo = position;
            left = isRecovered() ? 0 : left - tasks;
            if (isRecovered()) {
                taker.recovered();
            }
        }
    }

    private void fetchSpilled(int count, long maxBytes) {
        var batch = new LinkedHashMap<Long, Origin>();
        while (batch.size() < count && !spilled.isEmpty()) {
            var next = spilled.pollFirstEntry();
            batch.put(next.getKey(), next.getValue());
        }
        fetch(batch, maxBytes, this::worked, this::failed);
    }

    /** One that is to end before its turn; does nothing if it is not in the log alone. */
    void fetchNow(long taskId) {
        Origin asker = spilled.remove(taskId);
        if (asker != null) {
            var one = new LinkedHashMap<Long, Origin>();
            one.put(taskId, asker);
            fetch(one, 1, this::fetch, problem -> fetch()); // or else when it is its turn
        } else if (coming.contains(taskId)) {
            expedited.add(taskId);
        }
    }

    /** As many of the first as fit; the others wait again. */
    private void fetch(
            SequencedMap<Long, Origin> batch, long maxBytes, Runnable then, Consumer<IOException> otherwise) {
        var ids = List.copyOf(batch.keySet());
        coming.addAll(ids);
        journal.read(
                log -> byId(log, ids, maxBytes),
                tasks -> {
                    ids.forEach(coming::remove);
                    tasks.forEach(task -> returned(batch.pollFirstEntry(), task));
                    came(ids, batch);
                    then.run();
                },
                problem -> {
                    ids.forEach(coming::remove);
                    if (problem instanceof UnreadableTaskException unreadable) {
                        taker.unreadable(
                                unreadable.taskId(),
                                Optional.of(batch.pollFirstEntry().getValue()),
                                staysThere(unreadable));
                        came(ids, batch);
                        then.run();
                    } else {
                        came(ids, batch);
                        otherwise.accept(problem);
                    }
                });
    }

    private static String staysThere(UnreadableTaskException unreadable) {
        return unreadable.getMessage()
                + "; it stays in the log as it is, and is read again when the program is started next";
    }

    /** As many of the first as fit. */
    private static List<Optional<StoredTask>> byId(TaskLog log, List<Long> ids, long maxBytes) throws IOException {
        var tasks = new ArrayList<Optional<StoredTask>>();
        long bytes = 0;
        while (tasks.size() < ids.size() && bytes < maxBytes) {
            try {
                var task = log.task(ids.get(tasks.size()));
                bytes += task.map(Backlog::bytes).orElse(0);
                tasks.add(task);
            } catch (UnreadableTaskException e) {
                if (tasks.isEmpty()) {
                    throw e;
                }
                return tasks;
            }
        }
        return tasks;
    }

    /** The rest of what was read waits again, but for those that are to end. */
    private void came(List<Long> ids, SequencedMap<Long, Origin> rest) {
        var toEnd = rest.keySet().stream().filter(expedited::contains).toList();
        ids.forEach(expedited::remove);
        while (!rest.isEmpty()) {
            var last = rest.pollLastEntry();
            spilled.putFirst(last.getKey(), last.getValue());
        }
        toEnd.forEach(this::fetchNow);
    }

    private void returned(Map.Entry<Long, Origin> spilledOne, Optional<StoredTask> task) {
        var asker = Optional.of(spilledOne.getValue());
        if (task.isPresent()) {
            fetched(task.get(), asker);
        } else {
            long id = spilledOne.getKey();
            taker.unreadable(
                    id,
                    asker,
                    "task " + id + " has vanished from the log, into which it was put when the queue was full");
        }
    }

    private void fetched(StoredTask task, Optional<Origin> asker) {
        int bytes = bytes(task);
        held.put(task.id(), bytes);
        heldBytes += bytes;
        taker.fetched(task, asker);
    }

    private static int bytes(StoredTask task) {
        return task.data().bytes().length;
    }

    private void worked() {
        if (!pause.isZero()) {
            LOG.info("tasks in the log can be read again");
            pause = Duration.ZERO;
        }
        fetching = false;
        fetch();
    }

    /** Stays {@link #fetching} meanwhile. */
    private void failed(IOException problem) {
        if (stopped) {
            LOG.error("tasks in the log cannot be read", problem);
            fetching = false;
            giveUp();
            return;
        }
        pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        LOG.error("{} tasks in the log cannot be read; tried again in {} s", size(), pause.toSeconds(), problem);
        timer = loop.schedule(this::again, pause);
    }

    private void again() {
        timer = null;
        fetching = false;
        fetch();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
