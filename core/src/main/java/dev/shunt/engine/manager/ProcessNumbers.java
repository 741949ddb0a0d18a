package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.process.Serials;
import dev.shunt.task.TaskQueue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A number for each process, which no other process of the same log has ever had: the ids of its tasks begin with it. More
 * are fetched aside before they run out, so that nobody waits for the disk. Safe for use by any thread.
 */
final class ProcessNumbers implements Serials {

    private final Journal journal;
    private final Journal.Read<Long> reserve;
    private final int atOnce;
    private final Deque<Long> free = new ArrayDeque<>();
    private boolean fetching;

    /**
     * Waits for the first ones.
     *
     * @param queue that gives them if nodes share it; else the log does
     * @param atOnce at least as many as processes may be started before the log is heard of again
     */
    ProcessNumbers(Journal journal, @Nullable TaskQueue queue, int atOnce) {
        this.journal = journal;
        this.reserve = log -> queue == null ? log.reserve(atOnce) : queue.reserve(atOnce);
        this.atOnce = atOnce;
        add(journal.now(reserve));
    }

    @Override
    public synchronized long next() throws IOException {
        if (free.size() <= atOnce / 2 && !fetching) {
            fetching = true;
            var _ = journal.readElsewhere(reserve).whenComplete(this::fetched);
        }
        Long next = free.poll();
        if (next == null) {
            throw new IOException("the task log has not given a number for another process yet");
        }
        return next;
    }

    private synchronized void fetched(@Nullable Long first, @Nullable Throwable problem) {
        fetching = false;
        if (first == null) {
            Log.of(ProcessNumbers.class)
                    .error("the task log gives no numbers for processes; asked again when the next is needed", problem);
        } else {
            add(first);
        }
    }

    private synchronized void add(long first) {
        for (int i = 0; i < atOnce; i++) {
            free.add(first + i);
        }
    }
}
