package dev.shunt.task;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Carries what the submitting thread knows, such as the trace that it is part of, to the thread that runs the task's handler,
 * in whatever process and run of the program: as headers. What it throws is logged, and the task goes on without. Of any
 * thread, several at once.
 */
public interface TaskContext {

    /**
     * A task that is about to be submitted.
     *
     * @param type the class that its handler was declared for, or {@code untyped}
     * @param schedule that submits it, if one does
     */
    record Sent(String type, TaskOptions options, Optional<String> schedule) {}

    /**
     * An attempt that is about to be run.
     *
     * @param attempt 1 for the first
     * @param late as {@link TaskHeaders} says it
     */
    record Run(long id, String type, int attempt, boolean late, Map<String, String> headers) {}

    /** What lasts as long as a handler runs, and with what it returns for later. */
    interface Scope extends AutoCloseable {

        /** The attempt ends with that. */
        default void failed(Throwable problem) {}

        /** On the thread that has opened it. */
        @Override
        void close();
    }

    /** On the thread that submits: gives headers, a name and a value each. */
    void capture(BiConsumer<String, String> headers);

    /** On the thread that runs the handler, before it; closed after it. */
    AutoCloseable restore(Map<String, String> headers);

    /** As the other one, for what has to know the task. */
    default void capture(Sent task, BiConsumer<String, String> headers) {
        capture(headers);
    }

    /** As the other one, for what has to know the attempt, or how it ends. */
    default Scope restore(Run attempt) {
        var opened = restore(attempt.headers());
        return () -> {
            try {
                opened.close();
            } catch (Exception e) {
                throw new IllegalStateException("what was restored could not be closed", e);
            }
        };
    }
}
