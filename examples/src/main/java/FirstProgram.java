import dev.shunt.server.Server;

void main() {
    var server = new Server("127.0.0.1", 9501);
    server.set(settings -> settings.taskWorkerNum(4));
    server.onReceive((connection, data) -> { // on the event loop, must not block
        long id = server.task(data); // returns at once
        IO.println("dispatched task " + id);
    });
    server.onTask(task -> { // in a task worker process, may block
        IO.println("task " + task.id() + " runs in process " + ProcessHandle.current().pid());
        return task.data() + " -> OK";
    });
    server.onFinish(result -> IO.println("task " + result.taskId() + ": " + result.data()));
    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}
