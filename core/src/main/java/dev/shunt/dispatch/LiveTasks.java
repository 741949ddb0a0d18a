package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All tasks that are not over, oldest first: a list through the works themselves. */
final class LiveTasks<P> {

    private @Nullable Work<P> oldest;
    private @Nullable Work<P> youngest;
    private int size;

    int size() {
        return size;
    }

    void add(Work<P> task) {
        task.older = youngest;
        if (youngest == null) {
            oldest = task;
        } else {
            youngest.younger = task;
        }
        youngest = task;
        size++;
    }

    void remove(Work<P> task) {
        Work<P> before = task.older;
        Work<P> after = task.younger;
        if (before == null) {
            oldest = after;
        } else {
            before.younger = after;
        }
        if (after == null) {
            youngest = before;
        } else {
            after.older = before;
        }
        task.older = null;
        task.younger = null;
        size--;
    }

    List<Work<P>> copy() {
        var all = new ArrayList<Work<P>>(size);
        for (Work<P> next = oldest; next != null; next = next.younger) {
            all.add(next);
        }
        return all;
    }
}
