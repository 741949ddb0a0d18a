package dev.shunt.benchmarks.jdk;

import dev.shunt.benchmarks.program.Listening;
import java.io.IOException;

/** Lines back. */
public final class JdkEcho {

    private JdkEcho() {}

    public static void main(String... args) throws IOException {
        LineServer.serve(Listening.of(args).port(), (line, reply) -> reply.send(line));
    }
}
