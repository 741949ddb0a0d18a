package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.process.Child;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How tasks ended that slots of children asked for, and results that they gave before. Told to the child that asked, as
 * long as it is there; what it has not passed on by then is told to the child that serves its place, and waits for one
 * if there is none. Lives on the main loop.
 */
final class EndedTasks {

    /**
     * How one task ended that {@code origin} asked for, or a result that it gave meanwhile. It knows nothing of the task's
     * payload, of which nothing counts the bytes any more.
     *
     * @param context of the task's options
     * @param heard whoever asked has heard of it, or never will
     */
    record EndedTask(long id, Data context, Origin.InChild origin, Settlement settlement, Runnable heard) {

        static EndedTask of(TaskItem task, Origin.InChild origin, Settlement settlement, Runnable heard) {
            return new EndedTask(task.id(), task.options().context(), origin, settlement, heard);
        }

        EndedTask lost(String problem) {
            return new EndedTask(id, context, origin, Settlement.lost(problem), heard);
        }
    }

    private final Payloads payloads;
    private final IntFunction<@Nullable Child> serving;
    private final IntUnaryOperator standing;
    private final Map<Long, Listener> listeners = new HashMap<>();

    /** By place. */
    private final Map<Integer, List<EndedTask>> held = new HashMap<>();

    /**
     * @param unacknowledged told to the child, which has not said yet that it has passed them on; by task, in their
     *     order
     */
    private record Listener(Child child, Map<Long, Deque<EndedTask>> unacknowledged) {}

    /**
     * @param serving the child that serves a place, if one does
     * @param standing for a place that is no more, one that is told instead
     */
    EndedTasks(Payloads payloads, IntFunction<@Nullable Child> serving, IntUnaryOperator standing) {
        this.payloads = payloads;
        this.serving = serving;
        this.standing = standing;
    }

    /** A child that can be told something: it serves, or has asked for a task before that. */
    void listens(Child child) {
        listeners.computeIfAbsent(child.serial(), _ -> new Listener(child, new LinkedHashMap<>()));
    }

    boolean isListening(Child child) {
        return listeners.containsKey(child.serial());
    }

    /** What waited for a child at this place goes to the one that serves it now. */
    void served(int place) {
        var waited = held.remove(place);
        if (waited != null) {
            waited.forEach(this::tell);
        }
    }

    /** Nobody is to serve at this place any more. */
    void isNoMore(int place) {
        served(place);
    }

    void tell(EndedTask ended) {
        var origin = ended.origin();
        long id = ended.id();
        Child child = listener(origin).orElse(null);
        if (child == null) {
            if (origin.slot() != Frame.NO_SLOT) { // else the thread that waited died with its child
                held.computeIfAbsent(standing.applyAsInt(origin.place()), _ -> new ArrayList<>()).add(ended);
            } else {
                ended.heard().run();
            }
            return;
        }
        payloads.pack(Payloads.ofTask(id), ended.settlement().data(), child.pid())
                .then(
                        payload -> {
                            var listener = listeners.get(child.serial());
                            if (listener == null) {
                                payloads.discard(payload);
                                tell(ended);
                                return;
                            }
                            listener.unacknowledged()
                                    .computeIfAbsent(id, _ -> new ArrayDeque<>())
                                    .add(ended);
                            child.send(new Frame.TaskEnded(
                                    id,
                                    origin.slot() == Frame.NO_SLOT
                                            ? Frame.NO_SLOT
                                            : origin.slot() % child.place().slots(),
                                    ended.settlement().outcome(),
                                    payload,
                                    Payload.inline(ended.context())));
                        },
                        problem -> tell(ended.lost(problem)));
    }

    void acknowledged(Child child, long taskId) {
        Listener listener = listeners.get(child.serial());
        if (listener != null) {
            listener.unacknowledged().computeIfPresent(taskId, (_, told) -> withoutFirst(told));
        }
    }

    /** Null if it was the last one. */
    private static @Nullable Deque<EndedTask> withoutFirst(Deque<EndedTask> told) {
        told.remove().heard().run();
        return told.isEmpty() ? null : told;
    }

    /** That wait for a child that serves their place. */
    int waiting() {
        return held.values().stream().mapToInt(List::size).sum();
    }

    /** Whoever could be told has passed it on. */
    boolean areAcknowledged() {
        return listeners.values().stream()
                .allMatch(listener -> listener.unacknowledged().isEmpty());
    }

    /** Call when another child serves its place, or none. */
    void down(Child child) {
        Listener listener = listeners.remove(child.serial());
        if (listener != null) {
            listener.unacknowledged().values().forEach(told -> told.forEach(this::tell));
        }
    }

    /** Who hears now what this asker is to hear: itself, if it is there still; for its slots, whoever has them. */
    Optional<Child> listener(Origin.InChild origin) {
        Listener asker = listeners.get(origin.serial());
        if (asker != null) {
            return Optional.of(asker.child());
        }
        return origin.slot() == Frame.NO_SLOT ? Optional.empty() : Optional.ofNullable(serving.apply(standing.applyAsInt(origin.place())));
    }
}
