package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Firing;
import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;

/** Fires tasks from the event slot that received the command, and counts their results there. */
public final class FireServer {

    private FireServer() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var server = new Server(Listening.HOST, listening.port());
        server.set(settings -> settings.taskWorkerNum(listening.slots()).protocol(new TextProtocol()));
        server.onReceive((_, line) -> Firing.command(
                line.text(),
                (payload, ended) -> server.task(payload, result -> ended.ended(result instanceof Result.Done))));
        server.onTask(task -> {
            return Job.pid(task.data().bytes());
        });
        var observing = Observed.of(args).attach(server);
        server.onStart(() -> {
            observing.run();
            Listening.say(server.endpoint().port());
        });
        server.start();
    }
}
