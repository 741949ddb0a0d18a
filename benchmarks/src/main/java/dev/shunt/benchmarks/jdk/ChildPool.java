package dev.shunt.benchmarks.jdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Children with a task each at a time. A queue feeds one thread for each child; a child that dies is started again, and has
 * the task once more that it had. Results are told on that thread.
 */
final class ChildPool {

    private record Job(byte[] payload, Consumer<byte[]> result) {}

    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final String job;

    /** Starts so many children that do this job, and returns when all are connected. */
    ChildPool(int children, String job) throws IOException {
        this.job = job;
        var starting = new ArrayList<Starting>();
        for (int i = 0; i < children; i++) {
            starting.add(Starting.child(job));
        }
        for (var child : starting) {
            var messages = child.connected();
            Thread.ofPlatform().daemon().name("child").start(() -> serve(messages));
        }
    }

    void submit(byte[] payload, Consumer<byte[]> result) {
        queue.add(new Job(payload, result));
    }

    private void serve(Messages first) {
        var child = first;
        try {
            while (true) {
                var next = queue.take();
                byte[] result = null;
                while (result == null) {
                    try {
                        child.write(next.payload());
                        result = child.read();
                    } catch (IOException _) {
                        child = Starting.child(job).connected();
                    }
                }
                next.result().accept(result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A child on its way, and the socket it will connect to. */
    private record Starting(ServerSocketChannel server, Path directory) {

        private static final List<String> OPTIONS =
                List.of("-XX:+UseSerialGC", "-Xms32m", "-Xmx512m", "-XX:-UsePerfData");

        static Starting child(String job) throws IOException {
            var directory = Files.createTempDirectory("bench-");
            var address = directory.resolve("child");
            var server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(address));
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(OPTIONS);
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(Child.class.getName(), address.toString(), job));
            new ProcessBuilder(command).inheritIO().start();
            return new Starting(server, directory);
        }

        Messages connected() throws IOException {
            var channel = server.accept();
            server.close();
            Files.delete(directory.resolve("child"));
            Files.delete(directory);
            return new Messages(channel);
        }
    }
}
