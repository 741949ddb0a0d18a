package dev.shunt.plan;

import dev.shunt.data.Data;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Callbacks of the whole program, each doing nothing unless it is overridden. */
public interface Hooks {

    /**
     * A child that ended unasked: number {@code child} of its group; {@code how}, such as {@code killed by signal 9
     * (SIGKILL)}.
     */
    record ChildExit(String group, int child, long pid, String how) {}

    /** In the manager, when every slot has started and every listener accepts. */
    default void started() {}

    /**
     * Before the slots of a process start that has some, on a thread of its own that may wait; what it throws ends the
     * start. Nothing unless it is overridden, as the other ones.
     *
     * @param groups whose slots these are
     */
    default Optional<ProcessHandler> processStart(List<String> groups) {
        return Optional.empty();
    }

    /** In the manager, before listeners close; may wait, as long as a stop may take. */
    default Optional<ProcessHandler> beforeShutdown() {
        return Optional.empty();
    }

    /** In the manager, before the first child is replaced; may wait. */
    default Optional<ProcessHandler> beforeReload() {
        return Optional.empty();
    }

    /** In the manager, when no child is left to be replaced. */
    default Optional<ProcessHandler> afterReload() {
        return Optional.empty();
    }

    /** In the manager, last of all. */
    default void stopped() {}

    /** In the manager, when a child has ended that nobody told to. */
    default void childExited(ChildExit exit) {}

    /** In the manager, when four fifths of the tasks that may wait do; and then not before {@link #queueDrained}. */
    default void queueFull(Stats stats) {}

    /** In the manager, when the queue was full and now fewer than half of the tasks that may wait do. */
    default void queueDrained(Stats stats) {}

    /** On a slot that another slot, of that id, sent something to. */
    default void message(int source, Data message) throws Exception {}

    /**
     * Where callbacks run of what threads of the manager have asked for that are no slots; empty for a thread of the
     * program's.
     */
    default Optional<Executor> callbackExecutor() {
        return Optional.empty();
    }

    /** Of tasks whose submission named no other listener, on the slot that asked. */
    default TaskListener tasks() {
        return _ -> {};
    }
}
