package dev.shunt.engine;

import dev.shunt.task.Result;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Where a task came from, and so where its result goes. */
sealed interface Origin {

    /** A slot of the manager's process: {@code result} runs on it. */
    record Here(Executor slot, Consumer<Result> result) implements Origin {}

    /** A slot of a child, or of its successor; {@link dev.shunt.ipc.Frame#NO_SLOT} if a thread of it waits. */
    record InChild(int group, int child, int slot) implements Origin {}
}
