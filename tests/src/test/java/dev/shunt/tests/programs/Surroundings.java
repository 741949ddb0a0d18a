package dev.shunt.tests.programs;

import dev.shunt.data.TypeRef;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Tells what its manager and its child were given: the system properties that are asked for, and the arguments. */
public final class Surroundings {

    private Surroundings() {}

    static void main(String[] args) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT).taskWorkerNum(1));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, line) -> {
            var words = List.of(line.text().split(" ", -1));
            var names = words.subList(1, words.size());
            if (words.getFirst().equals("manager")) {
                connection.send(told(names, args));
            } else {
                server.task(
                        names,
                        result -> connection.send(
                                result instanceof Result.Done done ? done.data().text() : Results.text(result)));
            }
        });
        server.onTask(task -> told(task.data().as(new TypeRef<List<String>>() {}), args));
        server.start();
    }

    private static String told(List<String> properties, String[] args) {
        return properties.stream().map(System::getProperty).collect(Collectors.joining(" ")) + " "
                + Arrays.toString(args);
    }
}
