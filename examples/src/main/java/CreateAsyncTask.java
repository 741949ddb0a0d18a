import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.server.Server;
import picocli.CommandLine.Mixin;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));

    // How many task workers there are.
    server.set(settings -> settings.taskWorkerNum(4));

    server.onReceive((connection, data) -> {
        // Send the data to a task worker.
        long taskId = server.task(data);
        IO.println("Dispatch async task: id = " + taskId);

        // Send the data to the client.
        server.send(connection.id(), "Server: " + data);
    });

    server.onTask((_, task) -> {
        IO.println("Receive new task, id : " + task.id());

        // Return the result of the task.
        server.finish(task.data().text().stripTrailing() + " ->finished");
    });

    // Handle the result of the task.
    server.onFinish(
            result -> IO.println("Async task " + result.taskId() + " result : " + result.data()));

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}
