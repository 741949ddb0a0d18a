import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.server.Server;
import picocli.CommandLine.Mixin;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(settings -> settings.taskWorkerNum(4));

    // On the event loop: hands the data to a task worker and goes on at once.
    server.onReceive((connection, data) -> {
        long taskId = server.task(data);
        IO.println("Dispatch AsyncTask: id=" + taskId);
    });

    // In a task worker process, where it may take its time.
    server.onTask((_, task) -> {
        IO.println("New AsyncTask[id=" + task.id() + "]");
        server.finish(task.data().text().stripTrailing() + " -> OK");
    });

    // On the event loop again.
    server.onFinish(
            result -> IO.println("AsyncTask[" + result.taskId() + "] Finish: " + result.data()));

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}
