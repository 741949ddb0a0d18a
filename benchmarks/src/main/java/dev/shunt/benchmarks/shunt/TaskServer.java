package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;

/** A line becomes a task, its result the reply. */
public final class TaskServer {

    private TaskServer() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var server = new Server(Listening.HOST, listening.port());
        server.set(settings -> settings.taskWorkerNum(listening.slots()).protocol(new TextProtocol()));
        server.onReceive((connection, line) -> server.task(line, result -> {
            if (result instanceof Result.Done done) {
                connection.send(done.data());
            } else {
                connection.send("failed");
            }
        }));
        server.onTask(task -> {
            return Job.answer(task.data().text());
        });
        var observing = Observed.of(args).attach(server);
        server.onStart(() -> {
            observing.run();
            Listening.say(server.endpoint().port());
        });
        server.start();
    }
}
