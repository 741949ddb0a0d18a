package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Firing;
import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.nio.file.Path;

/** Fires tasks that outlive the processes. Arguments: {@code PORT SLOTS DURABILITY DIRECTORY}. */
public final class DurableServer {

    private DurableServer() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var options = TaskOptions.DEFAULT.durability(Durability.valueOf(args[2]));
        var server = new Server(Listening.HOST, listening.port());
        server.set(settings -> settings.taskWorkerNum(listening.slots())
                .taskLog(SqliteTaskLog.at(Path.of(args[3], "tasks.db")))
                .protocol(new TextProtocol()));
        server.onReceive((_, line) -> Firing.command(
                line.text(),
                (payload, ended) ->
                        server.task(payload, options, result -> ended.ended(result instanceof Result.Done))));
        server.onTask(task -> {
            return Job.pid(task.data().bytes());
        });
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }
}
