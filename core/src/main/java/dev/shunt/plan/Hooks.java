package dev.shunt.plan;

import dev.shunt.task.Result;
import java.util.function.Consumer;

/**
 * Callbacks of the whole program.
 *
 * @param started in the manager, when every slot has started and every listener accepts
 * @param stopped in the manager, last of all
 * @param childExited in the manager, when a child has ended that nobody told to
 * @param taskEnded on the slot that asked for a task, unless that call named a callback of its own
 */
public record Hooks(Runnable started, Runnable stopped, Consumer<ChildExit> childExited, Consumer<Result> taskEnded) {

    /**
     * A child that ended unasked.
     *
     * @param child 0 to the group's processes - 1
     * @param how such as {@code killed by signal 9 (SIGKILL)}
     */
    public record ChildExit(String group, int child, long pid, String how) {}
}
