package dev.shunt.benchmarks.jdk;

import dev.shunt.benchmarks.program.Listening;
import java.io.IOException;
import java.util.Arrays;

/** A line becomes a task in a child, its result the reply. Arguments: {@code PORT CHILDREN}. */
public final class JdkTasks {

    private JdkTasks() {}

    public static void main(String... args) throws IOException {
        var listening = Listening.of(args);
        var pool = new ChildPool(listening.slots(), "answer");
        LineServer.serve(listening.port(), (line, reply) -> {
            byte[] text = Arrays.copyOf(line, line.length - 1);
            pool.submit(text, result -> send(reply, result));
        });
    }

    private static void send(LineServer.Reply reply, byte[] text) {
        byte[] line = Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        try {
            reply.send(line);
        } catch (IOException _) {
            // the client is gone, and so is whoever would read the result
        }
    }
}
