package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a window of tasks outstanding, reloads meanwhile, and prints what became of them:
 * {@code measured tasks=… nanos=… failed=… gap=… processes=…}, the gap being the longest time without any result, in
 * nanoseconds, and the processes all those that gave one. Ends when these are enough, and a little later. Obeys {@code
 * reload WINDOW BYTES PROCESSES}.
 */
public final class ReloadServer {

    private static final long BEFORE_AND_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Server server;
    private final byte[] payload;
    private final Set<String> processes = new HashSet<>();
    private final long began = System.nanoTime();
    private final int wantedProcesses;
    private boolean reloaded;
    private long deadline = Long.MAX_VALUE;
    private int outstanding;
    private long tasks;
    private long failed;
    private long last = began;
    private long gap;

    private ReloadServer(Server server, String... words) {
        this.server = server;
        outstanding = Integer.parseInt(words[1]);
        payload = new byte[Integer.parseInt(words[2])];
        wantedProcesses = Integer.parseInt(words[3]);
    }

    public static void main(String... args) {
        var listening = Listening.of(args);
        var server = new Server(Listening.HOST, listening.port());
        server.set(settings -> settings.taskWorkerNum(listening.slots()).protocol(new TextProtocol()));
        server.onReceive((_, line) -> new ReloadServer(server, line.text().split(" ", -1)).begin());
        server.onTask(task -> {
            return Job.pid(task.data().bytes());
        });
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }

    private void begin() {
        int window = outstanding;
        for (int i = 0; i < window; i++) {
            server.task(payload, this::ended);
        }
    }

    private void ended(Result result) {
        long now = System.nanoTime();
        gap = Math.max(gap, now - last);
        last = now;
        tasks++;
        if (result instanceof Result.Done done) {
            processes.add(done.data().text());
        } else {
            failed++;
        }
        if (!reloaded && now - began >= BEFORE_AND_AFTER_NANOS) {
            reloaded = true;
            server.reload();
        }
        if (deadline == Long.MAX_VALUE && processes.size() >= wantedProcesses) {
            deadline = now + BEFORE_AND_AFTER_NANOS;
        }
        if (now < deadline) {
            server.task(payload, this::ended);
        } else if (--outstanding == 0) {
            IO.println(String.format(
                    Locale.ROOT,
                    "measured tasks=%d nanos=%d failed=%d gap=%d processes=%d",
                    tasks,
                    now - began,
                    failed,
                    gap,
                    processes.size()));
        }
    }
}
