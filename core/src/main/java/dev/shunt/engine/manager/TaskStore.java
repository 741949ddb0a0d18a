package dev.shunt.engine.manager;

import dev.shunt.intake.Store;
import dev.shunt.log.Log;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The log as the intake of one group sees it. Lives on the main loop. */
final class TaskStore implements Store<TaskItem> {

    private static final Logger LOG = Log.of(TaskStore.class);

    private final TaskSpec spec;
    private final Journal journal;
    private final Callers callers;

    /** @param callers hear of what is stored */
    TaskStore(TaskSpec spec, Journal journal, Callers callers) {
        this.spec = spec;
        this.journal = journal;
        this.callers = callers;
    }

    @Override
    public void append(TaskItem task, Consumer<@Nullable IOException> answered) {
        var stored = task.toStore(spec.typeName(task.task().type()), 0, task.acceptedAtMillis());
        journal.append(new Entry.Accepted(stored), durability(task))
                .then(
                        _ -> {
                            callers.stored(task, null);
                            answered.accept(null);
                        },
                        problem -> {
                            callers.stored(task, problem);
                            answered.accept(problem);
                        });
    }

    /** One that is in the log only for want of room need not survive more than the processes. */
    static Durability durability(TaskItem task) {
        var wanted = task.options().durability();
        return wanted == Durability.MEMORY ? Durability.DISK : wanted;
    }

    @Override
    public void page(long after, long upTo, int limit, long maxBytes, Consumer<Read<Page>> then) {
        read(log -> log.tasks(after, upTo, limit, maxBytes), then);
    }

    @Override
    public void tasks(List<Long> ids, long maxBytes, Consumer<Read<List<Optional<StoredTask>>>> then) {
        read(log -> tasks(log, ids, maxBytes), then);
    }

    private static List<Optional<StoredTask>> tasks(TaskLog log, List<Long> ids, long maxBytes) throws IOException {
        var tasks = new ArrayList<Optional<StoredTask>>();
        long bytes = 0;
        while (tasks.size() < ids.size() && bytes < maxBytes) {
            try {
                var task = log.task(ids.get(tasks.size()));
                bytes += task.map(found -> found.data().bytes().length).orElse(0);
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

    private <V> void read(Journal.Read<V> read, Consumer<Read<V>> then) {
        journal.read(read)
                .then(
                        value -> then.accept(new Read.Found<>(value)),
                        problem -> then.accept(
                                problem instanceof UnreadableTaskException unreadable
                                        ? new Read.Unreadable<>(unreadable)
                                        : new Read.Failed<>(problem)));
    }

    @Override
    public void notRead(long tasks, long againNanos, IOException problem) {
        if (againNanos == 0) {
            LOG.error("{} tasks in the log cannot be read", tasks, problem);
        } else {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(againNanos);
            LOG.error("{} tasks in the log cannot be read; tried again in {} s", tasks, seconds, problem);
        }
    }

    @Override
    public void readAgain() {
        LOG.info("tasks in the log can be read again");
    }

    @Override
    public void left(int tasks) {
        LOG.warn(
                "{} tasks stay in the log, and run when the program is started next; their callers are not told",
                tasks);
    }

    @Override
    public long lastPosition() {
        return journal.now(TaskLog::lastPosition);
    }

    @Override
    public long taskCount() {
        return journal.now(TaskLog::taskCount);
    }
}
