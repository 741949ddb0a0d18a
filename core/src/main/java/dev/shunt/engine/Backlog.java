package dev.shunt.engine;

import dev.shunt.engine.Errand.TaskErrand;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.slf4j.LoggerFactory;

/**
 * Tasks that the log keeps and that are not in memory: what an earlier run left, and what did not fit into the queue. They
 * are fetched, oldest first, as there is room. Lives on the main loop.
 */
final class Backlog {

    private static final int PAGE = 1_000;

    /** Where a task came from that is in the log alone, or on its way there or back. */
    private final Map<Long, Origin> origins = new HashMap<>();

    private final SequencedSet<Long> spilled = new LinkedHashSet<>();
    private final Journal journal;
    private final IntSupplier room;
    private final BiConsumer<StoredTask, Optional<Origin>> fetched;
    private long lastRecovered = -1;
    private long recoverUpTo = -1;
    private long recovering;
    private int expected;
    private boolean fetching;

    /**
     * @param room how many tasks may be fetched now
     */
    Backlog(Journal journal, IntSupplier room, BiConsumer<StoredTask, Optional<Origin>> fetched) {
        this.journal = journal;
        this.room = room;
        this.fetched = fetched;
    }

    /** Fetches what is in the log from before this run: so many tasks, whose ids are below {@code firstId}. */
    void recover(long firstId, long count) {
        recoverUpTo = firstId - 1;
        recovering = count;
        fetch();
    }

    boolean isEmpty() {
        return spilled.isEmpty() && lastRecovered >= recoverUpTo;
    }

    /** Nothing of it is on its way into the queue either. */
    boolean isOver() {
        return isEmpty() && !fetching;
    }

    /** Of this run, also while they are on their way: until there is none, what comes later queues up behind. */
    int spilled() {
        return origins.size();
    }

    /** Whether this one is still to be fetched, as it is from before this run. */
    boolean willFetch(long id) {
        return id > lastRecovered && id <= recoverUpTo;
    }

    /** How many are still to be fetched. */
    long size() {
        return origins.size() - expected + recovering;
    }

    /** It is about to be stored. */
    void expect(TaskErrand task) {
        origins.put(task.id(), task.origin());
        expected++;
    }

    /** It could not be stored. */
    void forget(TaskErrand task) {
        if (origins.remove(task.id()) != null) {
            expected--;
        }
    }

    /** The log has it; it comes back when there is room. */
    void add(TaskErrand task) {
        spilled.add(task.id());
        expected--;
        fetch();
    }

    /** The program stops: what is from before stays where it is; whoever asked for the rest is to be told so. */
    void stop() {
        recoverUpTo = -1;
        lastRecovered = -1;
        recovering = 0;
    }

    /** No more time for that either. */
    void giveUp() {
        if (!spilled.isEmpty()) {
            LoggerFactory.getLogger(Backlog.class)
                    .warn(
                            "{} tasks stay in the log, and run when the program is started next; their callers are not told",
                            spilled.size());
            spilled.forEach(origins::remove);
            spilled.clear();
        }
    }

    /** Call when there may be room. */
    void fetch() {
        int count = fetching || isEmpty() ? 0 : Math.min(PAGE, room.getAsInt());
        if (count <= 0) {
            return;
        }
        fetching = true;
        if (lastRecovered < recoverUpTo) {
            journal.read(log -> log.tasks(lastRecovered, count), page -> recovered(page, count), this::failed);
        } else {
            var ids = new ArrayList<Long>();
            while (ids.size() < count && !spilled.isEmpty()) {
                ids.add(spilled.removeFirst());
            }
            journal.read(log -> byId(log, ids), this::fetched, problem -> {
                ids.forEach(origins::remove);
                failed(problem);
            });
        }
    }

    /** One that is to end before its turn; does nothing if it is not in the log alone. */
    void fetchNow(long id) {
        if (spilled.remove(id)) {
            journal.read(log -> byId(log, List.of(id)), this::handOver, problem -> {
                origins.remove(id);
                unreadable(problem);
            });
        }
    }

    private void recovered(List<StoredTask> page, int asked) {
        var older = page.stream().filter(task -> task.id() <= recoverUpTo).toList();
        boolean all = older.size() < asked;
        lastRecovered = all ? recoverUpTo : older.getLast().id();
        recovering = all ? 0 : recovering - older.size();
        fetched(older);
    }

    private void fetched(List<StoredTask> tasks) {
        fetching = false;
        handOver(tasks);
        fetch();
    }

    private void handOver(List<StoredTask> tasks) {
        for (var task : tasks) {
            Origin origin = origins.remove(task.id());
            fetched.accept(task, Optional.ofNullable(origin));
        }
    }

    private void failed(IOException problem) {
        fetching = false;
        unreadable(problem);
        lastRecovered = recoverUpTo;
        recovering = 0;
    }

    private static void unreadable(IOException problem) {
        LoggerFactory.getLogger(Backlog.class)
                .error("tasks in the log cannot be read; they stay there until the program is started again", problem);
    }

    private static List<StoredTask> byId(TaskLog log, List<Long> ids) throws IOException {
        var tasks = new ArrayList<StoredTask>();
        for (long id : ids) {
            log.tasks(id - 1, 1).stream().filter(task -> task.id() == id).forEach(tasks::add);
        }
        return tasks;
    }
}
