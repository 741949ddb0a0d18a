package ${package};

import dev.shunt.server.Server;
import dev.shunt.task.Result;

/** Greets each line that a client sends: from a task worker process, which may block. */
public final class App {

    record Greet(String name) {}

    private App() {}

    static Server server(int port) {
        var server = new Server("127.0.0.1", port);
        server.set(settings -> settings.taskWorkerNum(2));
        server.onReceive((client, name) -> server.task(
                new Greet(name.text().strip()),
                result -> client.send(
                        switch (result) {
                            case Result.Done done -> done.data() + "\n";
                            case Result other -> "sorry: " + other + "\n";
                        })));
        server.answer(Greet.class, greet -> "hello " + greet.name());
        return server;
    }

    public static void main(String[] args) {
        var server = server(args.length > 0 ? Integer.parseInt(args[0]) : 9501);
        server.onStart(() -> System.out.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }
}
