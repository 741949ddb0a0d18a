package dev.shunt.engine.manager;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where tasks under an ordering key wait for those that were accepted before them and are still on their way: from an earlier
 * run out of the log, or into the log. They go on in the order in which they were accepted. Lives on the main loop.
 */
final class InOrder {

    /** @param stores how many of those that the log was given it must have answered before it is the turn of this one */
    private record Next(TaskItem task, long stores) {}

    private final BooleanSupplier recovered;
    private final Consumer<TaskItem> then;
    /** By id, oldest first. */
    private final SequencedMap<Long, Next> waiting = new LinkedHashMap<>();

    /** Of these, by id, those that are to go on as soon as they are in the log. */
    private final Set<Long> expedited = new HashSet<>();

    private long stores;
    private long answered;

    /**
     * @param recovered whether nothing is left of an earlier run
     * @param then where they go
     */
    InOrder(BooleanSupplier recovered, Consumer<TaskItem> then) {
        this.recovered = recovered;
        this.then = then;
    }

    static boolean isFor(TaskItem task) {
        return task.options().orderingKey().isPresent();
    }

    int size() {
        return waiting.size();
    }

    /** Goes on at once, if it has no ordering key or nothing is before it. */
    void add(TaskItem task) {
        if (isFor(task) && !(waiting.isEmpty() && recovered.getAsBoolean())) {
            waiting.put(task.id(), new Next(task, 0));
        } else {
            then.accept(task);
        }
    }

    /** The log was given one that does not wait here. */
    void given() {
        stores++;
    }

    /** The log was given this one; it waits for the answer, and for what is before it. */
    void addGiven(TaskItem task) {
        stores++;
        waiting.put(task.id(), new Next(task, stores));
    }

    /** The log has answered the first of those that it was given and has not answered: it keeps it. */
    void kept(TaskItem task) {
        answered++;
        if (expedited.remove(task.id())) {
            addNow(task.id());
        }
        proceed();
    }

    /** As {@link #kept}; it does not keep it. */
    void notKept(TaskItem task) {
        answered++;
        waiting.remove(task.id());
        expedited.remove(task.id());
        proceed();
    }

    /** Call when an earlier run may have been recovered. */
    void proceed() {
        while (!waiting.isEmpty()
                && recovered.getAsBoolean()
                && waiting.firstEntry().getValue().stores() <= answered) {
            goesOn(waiting.firstEntry().getValue());
        }
    }

    /** One that is to end goes on before its turn, if it is on its way into the log when it is there; nothing if it is not here. */
    void addNow(long taskId) {
        Next next = waiting.get(taskId);
        if (next != null && next.stores() > answered) {
            expedited.add(taskId);
        } else if (next != null) {
            goesOn(next);
        }
    }

    private void goesOn(Next next) {
        waiting.remove(next.task().id());
        expedited.remove(next.task().id());
        then.accept(next.task());
    }

    /** Nothing goes on any more: those that are not in the log, nor may come into it. */
    List<TaskItem> giveUp() {
        var rest = waiting.values().stream()
                .map(Next::task)
                .filter(task -> !task.stored())
                .toList();
        waiting.clear();
        expedited.clear();
        return rest;
    }
}
