package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.benchmarks.program.TaskServers;
import io.vertx.core.http.HttpServer;
import io.vertx.core.parsetools.RecordParser;

/** A WebSocket front that opens a connection for each message. Arguments: {@code PORT TASK_PORT}. */
public final class VertxSeedFront {

    private VertxSeedFront() {}

    public static void main(String... args) {
        int taskPort = Integer.parseInt(args[1]);
        Program.serve(Program.vertx(1), vertx -> {
            var taskServers = new TaskServers();
            var client = vertx.createNetClient();
            return vertx.createHttpServer()
                    .webSocketHandler(front ->
                            front.textMessageHandler(message -> client.connect(taskPort, taskServers.next())
                                    .onSuccess(task -> {
                                        task.handler(RecordParser.newDelimited("\n", result -> {
                                            task.close();
                                            front.writeTextMessage(result.toString());
                                        }));
                                        task.write(message + "\n");
                                    })))
                    .listen(Integer.parseInt(args[0]), Listening.HOST)
                    .map(HttpServer::actualPort);
        });
    }
}
