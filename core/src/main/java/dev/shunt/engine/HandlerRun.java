package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Job;
import dev.shunt.net.Connection;
import dev.shunt.plan.Listener;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandler;

/** Runs one handler of the program on the calling thread, and turns whatever it does into a {@link Settlement}. */
final class HandlerRun {

    private static final Settlement NOTHING = Settlement.done(Data.empty());

    private HandlerRun() {}

    static Settlement task(TaskHandler handler, Task task) {
        try {
            Object returned = handler.run(task);
            return Settlement.done(returned == null ? task.outcome() : Data.of(returned));
        } catch (Throwable e) { // the program's own code: the caller gets it as a failure, the slot lives on
            return Settlement.failed(e);
        }
    }

    static Settlement connection(Listener listener, Job job, Connection connection, Data packet) {
        try {
            var handlers = listener.handlers();
            switch (job) {
                case CONNECT -> handlers.connected(connection);
                case MESSAGE ->
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
