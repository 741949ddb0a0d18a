package dev.shunt.tests.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A server that hands out as many tasks as a message says, and whose processes all write down what happened: a file each
 * for the messages that were handled, the tasks that were asked for, that ran, and whose results were heard.
 */
public final class Bursts {

    public static final String HANDLED = "handled";
    public static final String ASKED = "asked";
    public static final String RAN = "ran";
    public static final String DONE = "done";
    public static final String NOT_DONE = "not-done";

    /** A list of numbers to which all processes append. */
    private record Numbers(FileChannel file) {

        static Numbers at(Path directory, String name) {
            try {
                return new Numbers(FileChannel.open(directory.resolve(name), CREATE, APPEND));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void add(long number) {
            try {
                file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Bursts() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var directory = Path.of(options.text("directory", ""));
        var handled = Numbers.at(directory, HANDLED);
        var asked = Numbers.at(directory, ASKED);
        var ran = Numbers.at(directory, RAN);
        var done = Numbers.at(directory, DONE);
        var notDone = Numbers.at(directory, NOT_DONE);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .workerNum(options.number("workers", 1))
                .workerProcesses(options.number("processes", 1))
                .taskWorkerNum(4)
                .taskProcesses(options.number("task-processes", 2)));
        options.path("run-dir").ifPresent(run -> server.set(settings -> settings.runDirectory(run)));
        server.onWorkerStart(id -> {
            if (id > 0) {
                IO.println("task worker in " + ProcessHandle.current().pid());
            }
        });
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, line) -> {
            var command = Command.of(line.text());
            if (command.verb().equals("resize")) {
                var words = command.rest().split(" ", -1);
                server.resize(words[0], Integer.parseInt(words[1]))
                        .whenComplete((began, problem) ->
                                connection.send(began == null ? problem.toString() : began.toString()));
                return;
            }
            handled.add(Long.parseLong(command.verb()));
            for (int i = 0; i < Integer.parseInt(command.rest()); i++) {
                asked.add(server.task(
                        "run", result -> (result instanceof Result.Done ? done : notDone).add(result.taskId())));
            }
        });
        server.onTask((_, task) -> {
            ran.add(task.id());
        });
        server.onFinish(result -> done.add(result.taskId()));
        server.onTaskFailed(result -> notDone.add(result.taskId()));
        server.start();
    }
}
