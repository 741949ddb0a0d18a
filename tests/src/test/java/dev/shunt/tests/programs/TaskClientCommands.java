package dev.shunt.tests.programs;

import dev.shunt.task.TaskOptions;
import java.time.Duration;

/** Obeys what clients of {@link TaskServer} and {@link TaskWorkers} say. */
final class TaskClientCommands {

    /** A client of either face. */
    interface Client {

        long id();

        boolean send(Object message);
    }

    private final AnyFace face;

    TaskClientCommands(AnyFace face) {
        this.face = face;
    }

    void obey(Client from, Command command) {
        try {
            switch (command.verb()) {
                case "ping" -> from.send("pong");
                case "me" -> from.send("connection " + from.id());
                case "where" -> from.send(face.where());
                case "stats" -> from.send(face.stats().get());
                case "shutdown" -> face.shutdown().run();
                case "reload" -> face.reload().run();
                case "reload-tasks" -> face.reloadTasks().run();
                case "task" -> submit(from, command.rest(), TaskOptions.DEFAULT);
                case "retry" -> submit(from, command.next().rest(), retries(command));
                case "times" -> submitTimes(from, command);
                case "task-without-callback" -> from.send("task " + face.tasks().task(command.rest()));
                case "wait" ->
                    from.send(Results.text(face.tasks().taskWait(command.next().rest(), millis(command))));
                default -> throw command.unknown();
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            from.send("refused " + e.getMessage());
        }
    }

    private void submit(Client from, String job, TaskOptions how) {
        String origin = face.where();
        long id = face.tasks().task(job, how, result -> {
            from.send(Results.text(result));
            if (!face.where().equals(origin)) {
                IO.println("result of " + result.taskId() + " on " + face.where() + ", asked on " + origin);
            }
        });
        from.send("task " + id);
    }

    private void submitTimes(Client from, Command command) {
        for (int i = 0; i < Integer.parseInt(command.next().verb()); i++) {
            submit(from, command.next().rest(), TaskOptions.DEFAULT);
        }
    }

    private static TaskOptions retries(Command command) {
        return TaskOptions.DEFAULT
                .retries(Integer.parseInt(command.next().verb()))
                .backoff(Duration.ofMillis(10));
    }

    private static Duration millis(Command command) {
        return Duration.ofMillis(Integer.parseInt(command.next().verb()));
    }
}
