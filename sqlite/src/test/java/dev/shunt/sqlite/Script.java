package dev.shunt.sqlite;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Priority;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * An endless random sequence of entries, the same for the same seed: what a process appends that is going to be killed, and
 * what its successor compares with. Few ids, so that every entry meets others of its task.
 */
final class Script {

    private static final int IDS = 60;
    private static final int MAX_PAYLOAD = 9_000;

    private final long seed;

    Script(long seed) {
        this.seed = seed;
    }

    Entry entry(int index) {
        var random = random(index);
        long id = random.nextInt(IDS);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> new Entry.Accepted(task(id, random));
            case 3 -> new Entry.Retried(id, random.nextInt(10), random.nextInt());
            case 4 -> new Entry.Settled(id);
            case 5 -> new Entry.Died(new DeadTask(task(id, random), "FAILED", "reason " + index, index));
            case 7 -> new Entry.Begun(id, random.nextInt(10), random.nextInt(5));
            case 6 -> new Entry.Revived(id, random.nextInt());
            default -> new Entry.Discarded(id);
        };
    }

    Durability durability(int index) {
        return random(index).nextInt(3) == 0 ? Durability.SYNC : Durability.DISK;
    }

    private Random random(int index) {
        return new Random(seed * 1_000_003 + index * 7_919L);
    }

    private static StoredTask task(long id, Random random) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? random.nextInt(MAX_PAYLOAD) : random.nextInt(64)];
        random.nextBytes(payload);
        var options = random.nextBoolean()
                ? TaskOptions.DEFAULT
                : TaskOptions.DEFAULT
                        .retries(random.nextInt(9))
                        .orderingKey("key " + id)
                        .priority(Priority.HIGH)
                        .context("context " + id);
        return new StoredTask(id, "Type" + id, Data.of(payload), options, 1, random.nextInt(), 0, random.nextInt());
    }

    /** What a log has after the first {@code count} entries, to be asked in rising order. */
    final class Model {

        private final MemoryTaskLog log = new MemoryTaskLog(Integer.MAX_VALUE, Long.MAX_VALUE);
        private int count;

        Model after(int entries) {
            while (count < entries) {
                log.append(entry(count++), Durability.MEMORY, failure -> {});
            }
            return this;
        }

        boolean isIn(TaskLog other) throws IOException {
            return all(log).equals(all(other));
        }

        private static List<Object> all(TaskLog log) throws IOException {
            return List.of(TaskLogContract.kept(log, IDS + 1), log.deadTasks(-1, IDS + 1), log.deadCount());
        }

        /** The first number of entries, from {@code atLeast} to {@code atMost}, after which a log has what this one has. */
        int countIn(TaskLog other, int atLeast, int atMost) throws IOException {
            for (int entries = atLeast; entries <= atMost; entries++) {
                if (after(entries).isIn(other)) {
                    return entries;
                }
            }
            throw new AssertionError(
                    "seed " + seed + ": has not what it should after any of " + atLeast + " to " + atMost
                            + " entries, but " + TaskLogContract.kept(other, IDS) + " and " + other.deadTasks(-1, IDS));
        }
    }
}
