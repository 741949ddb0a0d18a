package dev.shunt.engine.manager;

import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.log.Log;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Counts the attempts of tasks that an earlier run of the program has left: in the log, and before each begins, so that one
 * that kills the whole program each time is found out. Tasks of this run are not counted and pay nothing. The count goes
 * back when an attempt ends, however it does, and when the program stops in order. Lives on the main loop.
 */
final class Deaths {

    private static final Logger LOG = Log.of(Deaths.class);

    /** In a row. One is that of the run that accepted the task, which did not count. */
    static final int MOST = 5;

    private static final class Left {

        private int deaths;
        private int attempts;
        private boolean begun;

        /** What begins when the log has counted it; null while it is not on its way there. */
        private @Nullable Runnable counted;

        private Left(StoredTask stored) {
            deaths = stored.deaths();
        }
    }

    private final Journal journal;
    private final Map<Long, Left> left = new HashMap<>();

    Deaths(Journal journal) {
        this.journal = journal;
    }

    /** An earlier run has left it, or it was a dead letter: it is in the log, and comes from there. */
    void left(StoredTask stored) {
        if (journal.outlivesProcess()) {
            left.put(stored.id(), new Left(stored));
        }
    }

    boolean counts(long taskId) {
        return of(taskId) != null;
    }

    /** Of attempts that were counted. */
    int count(long taskId) {
        Left task = of(taskId);
        return task == null ? 0 : task.deaths;
    }

    private @Nullable Left of(long taskId) {
        return left.isEmpty() ? null : left.get(taskId);
    }

    /** How it ends without another attempt, if the program has died with it too often; else null. */
    @Nullable Settlement end(long taskId) {
        int deaths = count(taskId);
        if (deaths + 1 < MOST) {
            return null;
        }
        var reason = "the program has died while it ran, " + deaths
                + " times in a row since a run of the program left it: it" + " is not run again by itself";
        LOG.warn("task {} is over: {}", taskId, reason);
        return Settlement.lost(reason);
    }

    /** Whether an attempt may begin at once; if not, {@code then} is called when it has been counted. */
    boolean begins(Work<TaskItem> work, Runnable then) {
        long id = work.item().id();
        Left task = of(id);
        if (task == null || (task.begun && task.counted == null)) { // it was given back before it had started
            return true;
        }
        boolean underWay = task.counted != null;
        task.counted = then;
        if (underWay) { // and it was given back meanwhile
            return false;
        }
        task.begun = true;
        task.attempts = work.attempt() - 1 - task.deaths;
        journal.append(new Entry.Begun(id, task.attempts, task.deaths + 1), Durability.DISK)
                .then(_ -> counted(task), problem -> {
                    LOG.error("task {} begins, and the log does not count it: {}", id, problem.getMessage());
                    counted(task);
                });
        return false;
    }

    private static void counted(Left task) {
        Runnable begin = Objects.requireNonNull(task.counted);
        task.counted = null;
        begin.run();
    }

    /** An attempt has ended, and the log is told that another follows. */
    void retried(long taskId) {
        Left task = of(taskId);
        if (task != null) {
            task.deaths = 0;
            task.begun = false;
        }
    }

    /** The program stops in order, and the log keeps the task. */
    void kept(long taskId) {
        Left task = of(taskId);
        if (task != null && task.begun) {
            journal.append(new Entry.Begun(taskId, task.attempts, task.deaths), Durability.DISK)
                    .then(
                            _ -> {},
                            problem -> LOG.error(
                                    "task {} counts as running at a death of the program: {}",
                                    taskId,
                                    problem.getMessage()));
        }
    }

    void over(long taskId) {
        if (!left.isEmpty()) {
            left.remove(taskId);
        }
    }
}
