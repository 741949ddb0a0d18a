package dev.shunt.dispatch;

import dev.shunt.dispatch.UniqueKeys.Left;
import dev.shunt.task.Unique;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The unique and the ordering keys of one group's tasks, as their options name them; many tasks have none. */
final class Keys<P> {

    private final UniqueKeys<Work<P>> unique = new UniqueKeys<>();
    private final OrderingKeys<Work<P>> ordering = new OrderingKeys<>();
    private final Left<Work<P>> nothingLeft = new Left<>(List.of(), null);

    UniqueKeys<Work<P>> unique() {
        return unique;
    }

    OrderingKeys<Work<P>> ordering() {
        return ordering;
    }

    /** What holds the task's unique key already; null if nothing does, and the task has it from now on, or has none. */
    @Nullable Work<P> takeUnique(Work<P> work) {
        Unique wanted = work.policy().unique();
        return wanted == null ? null : unique.take(wanted.key(), work);
    }

    boolean hasJoined(Work<P> work) {
        Unique wanted = work.policy().unique();
        return wanted != null && unique.hasJoined(wanted.key(), work);
    }

    List<Work<P>> takeJoined(Work<P> work) {
        Unique wanted = work.policy().unique();
        return wanted == null ? List.of() : unique.takeJoined(wanted.key(), work);
    }

    /** The task is over: what has joined it is, too, and something else may have its key now. */
    Left<Work<P>> leaveUnique(Work<P> work) {
        Unique wanted = work.policy().unique();
        return wanted == null ? nothingLeft : unique.leave(wanted.key(), work);
    }

    /** Whether it is the task's turn under its ordering key; if not, that comes when the key's holder has ended. */
    boolean enterOrdering(Work<P> work) {
        String key = work.policy().orderingKey();
        return key == null || ordering.enter(key, work);
    }

    /** The task is over; what has its turn now, if anything. */
    @Nullable Work<P> leaveOrdering(Work<P> work) {
        String key = work.policy().orderingKey();
        return key == null ? null : ordering.leave(key, work);
    }

    /** As {@link Dispatcher#sizes}. */
    Map<String, Integer> sizes() {
        return Map.of("unique keys", unique.size(), "joined", unique.joined(), "ordering keys", ordering.size());
    }
}
