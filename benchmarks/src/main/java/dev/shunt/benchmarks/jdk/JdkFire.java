package dev.shunt.benchmarks.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.benchmarks.program.Firing;
import dev.shunt.benchmarks.program.Listening;
import java.io.IOException;
import java.util.concurrent.Executors;

/**
 * Fires tasks from one thread, which gets their results, too. None is told to have failed: a task that throws ends its
 * child, and the pool runs it again in the next one. Arguments: {@code PORT CHILDREN}.
 */
public final class JdkFire {

    private JdkFire() {}

    public static void main(String... args) throws IOException {
        var listening = Listening.of(args);
        var pool = new ChildPool(listening.slots(), "pid");
        var slot =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        Firing.Submission submission =
                (payload, ended) -> pool.submit(payload, _ -> slot.execute(() -> ended.ended(true)));
        LineServer.serve(
                listening.port(), (line, _) -> slot.execute(() -> Firing.command(new String(line, UTF_8), submission)));
    }
}
