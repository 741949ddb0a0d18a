package dev.shunt.engine.manager;

import dev.shunt.task.DeadTask;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads all dead letters of a place, page by page. */
final class DeadPages {

    private static final int PAGE = 100;

    /** Of the payloads of a page, which are in memory together; one alone may have more. */
    static final long MAX_PAGE_BYTES = 1 << 20;

    /** The same of a list that the program asks for. */
    static final long MAX_LIST_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** As {@link dev.shunt.task.TaskLog#deadTasks}. */
    @FunctionalInterface
    interface Place {
        List<DeadTask> after(long id, int limit) throws IOException;
    }

    private DeadPages() {}

    /** @param unreadable told of those that cannot be read; the log says so elsewhere */
    static void each(Place place, Consumer<DeadTask> each, LongConsumer unreadable) throws IOException {
        long after = Long.MIN_VALUE;
        while (true) {
            try {
                var page = place.after(after, PAGE);
                if (page.isEmpty()) {
                    return;
                }
                page.forEach(each);
                after = page.getLast().id();
            } catch (UnreadableTaskException e) {
                unreadable.accept(e.taskId());
                after = e.taskId();
            }
        }
    }
}
