package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All tasks that are not over, oldest first: a list through the works themselves. */
final class LiveTasks<P> {

    private @Nullable Work<P> oldest;
    private @Nullable Work<P> youngest;
    private int size;

    /** Those under way; hardly ever any. */
    private final List<Walk<P>> walks = new ArrayList<>();

    /** Where somebody is who looks at them, one after the other, while they come and go. */
    static final class Walk<P> {
        private @Nullable Work<P> at;

        private Walk(@Nullable Work<P> at) {
            this.at = at;
        }

        @Nullable Work<P> next() {
            Work<P> now = at;
            at = now == null ? null : now.younger;
            return now;
        }
    }

    Walk<P> walk() {
        var walk = new Walk<>(oldest);
        walks.add(walk);
        return walk;
    }

    void ended(Walk<P> walk) {
        walks.remove(walk);
    }

    @Nullable Work<P> oldest() {
        return oldest;
    }

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
        if (!walks.isEmpty()) {
            passOver(task);
        }
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

    @SuppressWarnings("ReferenceEquality") // a work is equal to itself alone
    private void passOver(Work<P> task) {
        for (var walk : walks) {
            if (walk.at == task) {
                walk.at = task.younger;
            }
        }
    }

    List<Work<P>> copy() {
        var all = new ArrayList<Work<P>>(size);
        for (Work<P> next = oldest; next != null; next = next.younger) {
            all.add(next);
        }
        return all;
    }
}
