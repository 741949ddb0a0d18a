package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Large payloads on every way that there is: to a task, with its progress, its results and its context, and back. A task
 * says what it got, gives it as a result, and returns it with every bit flipped. Whoever hears of it compares all bytes.
 */
public final class Bulk {

    private final Server server = new Server("127.0.0.1", 0);
    private final Map<Long, Integer> heard = new ConcurrentHashMap<>();

    private Bulk() {}

    static void main(String[] args) {
        new Bulk().start(Options.of(args));
    }

    private void start(Options options) {
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .taskPlacement(options.placement("task-placement", Placement.CHILDREN))
                .taskWorkerNum(2)
                .taskProcesses(options.number("task-processes", 0))
                .taskJvmOptions("-Xmx1g")
                .workerJvmOptions("-Xmx1g")
                .maxWaitTime(Duration.ofSeconds(1)));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, line) -> obey(connection.id(), Command.of(line.text())));
        server.onTask(task -> {
            byte[] bytes = task.data().bytes();
            task.progress(bytes);
            task.finish(bytes);
            return flipped(bytes);
        });
        server.onFinish(done -> {
            boolean last = heard.merge(done.taskId(), 1, Integer::sum) == 2;
            long fd = ByteBuffer.wrap(done.context().bytes()).getLong();
            byte[] sent = random(done.data().bytes().length);
            tell(
                    fd,
                    "finish " + (last ? 2 : 1) + " "
                            + same(done.data(), last ? flipped(sent) : sent)
                            + same(done.context(), context(fd, sent.length)));
        });
        server.start();
    }

    private void obey(long fd, Command command) {
        int size = Integer.parseInt(command.next().verb());
        byte[] bytes = random(size);
        switch (command.verb()) {
            case "plain" -> server.task(bytes, TaskOptions.DEFAULT.context(context(fd, size)));
            case "handle" -> {
                var handle = server.submit(bytes, TaskOptions.DEFAULT.context(context(fd, size)));
                handle.progress(progress -> tell(fd, "progress " + same(progress, bytes)));
                handle.result().thenAccept(result -> tell(fd, "result " + compared(result, fd, bytes)));
            }
            case "retry" ->
                server.task(
                        bytes,
                        TaskOptions.DEFAULT
                                .retries(1_000)
                                .backoff(Duration.ofMillis(1))
                                .context(context(fd, size)),
                        result -> tell(fd, "result " + compared(result, fd, bytes)));
            default -> throw command.unknown();
        }
    }

    private void tell(long fd, String line) {
        server.send(fd, line);
    }

    private static String compared(Result result, long fd, byte[] sent) {
        return result instanceof Result.Done done
                ? same(done.data(), flipped(sent)) + same(done.context(), context(fd, sent.length))
                : Results.text(result);
    }

    private static String same(Data data, byte[] expected) {
        int differs = Arrays.mismatch(data.bytes(), expected);
        return differs < 0 ? "=" : "differs at " + differs + " of " + data.bytes().length + "/" + expected.length;
    }

    /** Begins with the client's connection. */
    private static byte[] context(long fd, int size) {
        byte[] bytes = random(size + Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(fd);
        return bytes;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] = (byte) ~other[i];
        }
        return other;
    }
}
