import dev.shunt.server.Server;

public class Program {

    record Greet(String name) {}

    public static void main(String[] args) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1));
        server.onReceive((client, data) -> {});
        server.answer(Greet.class, greet -> "hello " + greet.name());
        server.onStart(() -> server.submit(new Greet("ann")).result().thenAccept(result -> {
            System.out.println(result);
            server.shutdown();
        }));
        server.start();
    }
}
