package dev.shunt.tests.programs;

import dev.shunt.calls.TaskCalls;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.worker.Worker;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks for a task with its first message, as programs do, and waits for it no longer than is usual. Where handlers may
 * not wait, they submit. Its arguments are the face, where its handlers run, where its tasks do, and an option for the JVMs
 * of a server's children that run whichever comes first.
 */
public final class Cold {

    record Order(String from, int number, List<String> items) {}

    record Bill(Order order, double sum) {}

    private Cold() {}

    static void main(String[] args) {
        var handlers = Placement.valueOf(args[1]);
        var tasks = Placement.valueOf(args[2]);
        if (args[0].equals("server")) {
            serve(handlers, tasks, List.of(args).subList(3, args.length));
        } else {
            work(handlers, tasks);
        }
    }

    private static void serve(Placement handlers, Placement tasks, List<String> options) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(new TextProtocol())
                .placement(handlers)
                .taskPlacement(tasks)
                .taskWorkerNum(1));
        String[] jvmOptions = options.toArray(String[]::new);
        if (options.isEmpty()) {
            server.set(settings -> settings.taskWorkerNum(2));
        } else if (handlers == Placement.CHILDREN) {
            server.set(settings -> settings.workerJvmOptions(jvmOptions));
        } else if (tasks == Placement.CHILDREN) {
            server.set(settings -> settings.taskJvmOptions(jvmOptions));
        }
        server.onReceive((connection, data) -> ask(server, handlers, data.text(), connection::send));
        server.answer(Order.class, (order, task) -> new Bill(order, 9.5));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private static void work(Placement handlers, Placement tasks) {
        var front = new Worker("text://127.0.0.1:0").name("front").placement(handlers);
        var back = new Worker().name("back").count(2).placement(tasks);
        front.onMessage((connection, message) -> ask(back, handlers, message.text(), connection::send));
        back.answer(Order.class, (order, task) -> new Bill(order, 9.5));
        Worker.runAll();
    }

    private static void ask(TaskCalls calls, Placement handlers, String from, Consumer<String> client) {
        var order = new Order(from, 1, List.of("tea", "milk"));
        if (handlers == Placement.EVENT_LOOP) {
            calls.submit(order).result().thenAccept(result -> client.accept(told(result)));
        } else {
            client.accept(told(calls.taskWait(order)));
        }
    }

    private static String told(Result result) {
        return result instanceof Result.Done done
                ? "billed " + done.data().as(Bill.class).sum()
                : result.toString();
    }
}
