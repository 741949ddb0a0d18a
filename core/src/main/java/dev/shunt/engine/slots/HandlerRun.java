package dev.shunt.engine.slots;

import dev.shunt.data.Data;
import dev.shunt.ipc.WorkKind;
import dev.shunt.log.Log;
import dev.shunt.net.Connection;
import dev.shunt.plan.Listener;
import dev.shunt.plan.TaskContexts;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Outcome;
import dev.shunt.task.Retry;
import dev.shunt.task.Task;
import java.util.Objects;

/**
 * Runs one handler of the program on the calling thread, and turns whatever it does into a {@link Settlement}. What it
 * returns for later is waited for here: the slot stays taken, and its time runs on.
 */
public final class HandlerRun {

    private static final Settlement NOTHING = Settlement.done(Data.empty());

    private HandlerRun() {}

    public static Settlement task(TaskSpec spec, TaskContexts contexts, int type, Task task) {
        var entered = contexts.enter(spec.typeName(type), task);
        try {
            return run(spec, type, task, entered);
        } finally {
            entered.leave();
        }
    }

    private static Settlement run(TaskSpec spec, int type, Task task, TaskContexts.Entered entered) {
        try {
            Object returned = spec.handler(type).run(task);
            while (LaterResult.isOne(returned)) {
                var later = LaterResult.of(returned);
                later.await(task);
                if (later.isCancelled()) {
                    task.end();
                    return Settlement.of(Outcome.CANCELLED, Data.empty());
                }
                returned = TaskSpec.result(later.value());
            }
            task.end();
            if (returned != null) {
                return Settlement.done(Data.of(returned, task.data().codec()).portable());
            }
            return task.isAnswered() ? Settlement.ANSWERED : Settlement.done(task.outcome());
        } catch (Throwable e) { // the program's own code: the caller gets it as a failure, the slot lives on
            task.end();
            entered.failed(e);
            return Settlement.failed(e, decide(spec, task, e));
        }
    }

    private static Retry decide(TaskSpec spec, Task task, Throwable thrown) {
        try {
            return Objects.requireNonNull(spec.retry().decide(task, thrown), "the decision is null");
        } catch (Throwable e) { // the program's own code again
            Log.of(HandlerRun.class)
                    .error("the decision whether to retry task {} threw; its options decide", task.id(), e);
            return Retry.byOptions();
        }
    }

    public static Settlement connection(Listener listener, WorkKind kind, Connection connection, Data packet) {
        try {
            var handlers = listener.handlers();
            switch (kind) {
                case CONNECT -> handlers.connected(connection);
                case MESSAGE, PACKET ->
                    handlers.received(connection, Data.of(listener.protocol().decode(packet)));
                case DRAINED -> handlers.drained(connection);
                case CLOSE -> handlers.closed(connection);
                case TASK -> throw new IllegalArgumentException("a task is no event of a connection");
            }
            return NOTHING;
        } catch (Throwable e) { // the program's own code: the connection is closed, the slot lives on
            return Settlement.failed(e);
        }
    }
}
