package dev.shunt.plan;

import dev.shunt.log.Log;
import dev.shunt.log.TaskLogContext;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskContext;
import dev.shunt.task.TaskHeaders;
import dev.shunt.task.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a program carries from the thread that submits a task to the one that runs it; and in any program, what loggers say
 * of the task meanwhile. Safe for use by any thread.
 */
public final class TaskContexts {

    private static final Logger LOG = Log.of(TaskContexts.class);
    private static final String UNTYPED = "untyped";

    private final List<TaskContext> contexts;

    TaskContexts(List<TaskContext> contexts) {
        this.contexts = List.copyOf(contexts);
    }

    /** The program carries nothing. */
    boolean isEmpty() {
        return contexts.isEmpty();
    }

    private static String shown(String type) {
        return type.isEmpty() ? UNTYPED : type;
    }

    /** The same task with the headers of all; what does not fit is left out, and the log says so. */
    Submission captured(Submission task, String type, @Nullable String schedule) {
        return contexts.isEmpty() ? task : new Capture(task, shown(type), Optional.ofNullable(schedule)).run();
    }

    private final class Capture {

        private final Submission task;
        private final TaskContext.Sent sent;
        private TaskOptions options;

        Capture(Submission task, String type, Optional<String> schedule) {
            this.task = task;
            sent = new TaskContext.Sent(type, task.options(), schedule);
            options = task.options();
        }

        @SuppressWarnings("ReferenceEquality") // the same ones if nothing was added
        Submission run() {
            sent.schedule().ifPresent(name -> add(TaskHeaders.SCHEDULE, name));
            for (var context : contexts) {
                try {
                    context.capture(sent, this::add);
                } catch (Throwable e) { // the program's own code; the task goes on without
                    LOG.error("{} could not capture for a task of type {}", context, sent.type(), e);
                }
            }
            return options == task.options() ? task : new Submission(task.data(), task.type(), options);
        }

        private void add(String name, String value) {
            try {
                options = options.header(name, value);
            } catch (IllegalArgumentException e) {
                LOG.warn("a task of type {} goes without a header of its context: {}", sent.type(), e.getMessage());
            }
        }
    }

    /** Before a handler runs, on its thread. Never throws. */
    public Entered enter(String type, Task task) {
        TaskLogContext.open(task.id(), shown(type), task.attempt());
        if (contexts.isEmpty()) {
            return Entered.NOTHING;
        }
        var carried = task.carried();
        var run = new TaskContext.Run(task.id(), shown(type), task.attempt(), carried.late(), carried.values());
        var scopes = new ArrayList<TaskContext.Scope>(contexts.size());
        for (var context : contexts) {
            try {
                scopes.add(context.restore(run));
            } catch (Throwable e) { // the program's own code; the handler runs without
                LOG.error("{} could not restore what belongs to task {}", context, task.id(), e);
            }
        }
        return new Entered(scopes);
    }

    /**
     * What holds while a handler runs.
     *
     * @param scopes in the order in which they were opened
     */
    public record Entered(List<TaskContext.Scope> scopes) {

        private static final Entered NOTHING = new Entered(List.of());

        /** The attempt ends with that. Never throws. */
        public void failed(Throwable problem) {
            for (var scope : scopes) {
                try {
                    scope.failed(problem);
                } catch (Throwable e) { // the program's own code
                    LOG.error("{} could not take that an attempt failed", scope, e);
                }
            }
        }

        /** On the thread that has entered. Never throws. */
        public void leave() {
            for (var scope : scopes.reversed()) {
                try {
                    scope.close();
                } catch (Throwable e) { // the program's own code
                    LOG.error("{} could not be closed", scope, e);
                }
            }
            TaskLogContext.close();
        }
    }
}
