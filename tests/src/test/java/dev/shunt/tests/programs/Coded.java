package dev.shunt.tests.programs;

import dev.shunt.data.Codec;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.util.Base64;
import java.util.Locale;

/** Objects travel as JSON in base 64: nothing else could read them. */
public final class Coded {

    private record Order(String item, int count) {}

    private static final class Base64Json implements Codec {

        @Override
        public byte[] encode(Object value) {
            return Base64.getEncoder().encode(Codec.json().encode(value));
        }

        @Override
        public <T> T decode(byte[] bytes, Class<T> type) {
            return Codec.json().decode(Base64.getDecoder().decode(bytes), type);
        }
    }

    private Coded() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .codec(new Base64Json())
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .workerNum(2)
                .taskWorkerNum(1));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((client, line) -> {
            var order = new Order(line.text(), 1);
            var task = server.submit(order, TaskOptions.DEFAULT.context(order));
            task.progress(step -> client.send("progress " + step.as(Order.class)));
            task.result()
                    .thenAccept(result -> client.send(
                            switch (result) {
                                case Result.Done done ->
                                    done.data().as(Order.class) + " for "
                                            + done.context().as(Order.class);
                                case Result.Failed failed ->
                                    "failed " + failed.failure().message();
                                case Result other -> other.toString();
                            }));
        });
        server.answer(Order.class, (order, task) -> {
            if (order.item().equals("bad")) {
                throw new IllegalArgumentException(
                        "cannot order " + task.data().text().toLowerCase(Locale.ROOT));
            }
            task.progress(new Order(order.item(), 2));
            server.sendMessage(new Order(order.item(), 4), 0);
            return new Order(order.item(), 3);
        });
        server.onPipeMessage((_, message) -> IO.println("message " + message.as(Order.class)));
        server.start();
    }
}
