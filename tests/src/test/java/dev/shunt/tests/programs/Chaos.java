package dev.shunt.tests.programs;

import dev.shunt.net.Connection;
import dev.shunt.protocol.Protocols;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Retry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * A server that gives itself tasks of every {@link Kind} when it is told to, and writes a {@link ChaosBook}. Told by lines:
 * {@code submit N}, {@code stats}, {@code outstanding}, {@code dead}, {@code heap}, {@code threads}; by clients that take more
 * than their part, {@code flood PAYLOAD} and {@code blob BYTES}; {@code now}, by its wall clock.
 */
public final class Chaos {

    static final int SLOTS = 6;
    public static final int PROCESSES = 3;

    /** What is wrong with a task. The weight says how many of all tasks it has. */
    enum Kind {
        QUICK(300),
        RETRYING(120),
        FAILING(20),
        GIVING_UP(20),
        DISK(100),
        SYNC(60),
        DISK_ONCE(40),
        ORDERED(80),
        ORDERED_DISK(50),
        UNIQUE_DROP(20),
        UNIQUE_REPLACE(20),
        UNIQUE_JOIN(20),
        SLOW(15),
        HANGING(6),
        STUBBORN(1),
        LARGE(15),
        PROGRESS(20),
        FINISHES(40),
        NESTED(30),
        NESTED_LARGE(8),
        WAITING(15),
        DEADLINE(20),
        ONE_SLOT(20),
        AT(20),
        FLOODED(0),
        INNER(0);

        final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private final Options options;
    private final ChaosBook book;
    private final Server server = new Server("127.0.0.1", 0);
    private final ChaosLoad load;

    private Chaos(Options options) {
        this.options = options;
        book = new ChaosBook(options.text("book", ""));
        load = new ChaosLoad(server, book, options.number("seed", 0));
    }

    static void main(String[] args) {
        var program = new Chaos(Options.of(args));
        program.setUp();
        program.server.start();
    }

    private void setUp() {
        server.set(settings -> settings.protocol(
                        Objects.requireNonNull(Protocols.builtIn().get("text")))
                .workerNum(1)
                .taskWorkerNum(SLOTS)
                .taskProcesses(PROCESSES)
                .taskJvmOptions("-Xmx96m", "-XX:TieredStopAtLevel=1")
                .socketBufferSize(16 << 20)
                .maxWaitTime(Duration.ofSeconds(2))
                .messageTimeout(Duration.ofSeconds(options.number("patience", 60)))
                .sendTimeout(Duration.ofSeconds(options.number("patience", 60)))
                .taskLog(SqliteTaskLog.at(Path.of(options.text("store", "")))));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, line) -> obey(connection, Command.of(line.text())));
        server.onTask(new ChaosJobs(server, book)::run);
        server.onTaskError((task, thrown) -> thrown instanceof ChaosJobs.GivesUp ? Retry.giveUp() : Retry.byOptions());
        server.onFinish(book::result);
        server.onTaskFailed(book::result);
    }

    private void obey(Connection from, Command command) {
        switch (command.verb()) {
            case "submit" -> load.submit(Integer.parseInt(command.rest()));
            case "flood" -> load.flood(command.rest());
            case "blob" -> from.send("x".repeat(Integer.parseInt(command.rest())));
            case "now" -> from.send(Instant.now().toString());
            case "outstanding" -> from.send(Integer.toString(load.outstanding()));
            case "stats" -> from.send(server.stats());
            case "heap" -> from.send(Long.toString(heapAfterCollection()));
            case "threads" -> from.send(threads());
            case "dead" -> {
                var _ = dead(-1).thenAccept(ids -> from.send(ids.isEmpty() ? "none" : ids));
            }
            default -> throw command.unknown();
        }
    }

    private CompletionStage<String> dead(long after) {
        int page = 1_000;
        return server.deadTasks(after, page).thenCompose(letters -> {
            String ids = letters.stream().map(letter -> letter.id() + " ").collect(Collectors.joining());
            return letters.size() < page
                    ? CompletableFuture.completedFuture(ids)
                    : dead(last(letters)).thenApply(more -> ids + more);
        });
    }

    private static long last(List<DeadTask> letters) {
        return letters.getLast().id();
    }

    private static long heapAfterCollection() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** But for the JDK's own that wait for processes, and live on for a while. */
    private static String threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper") && !name.startsWith("ForkJoinPool.commonPool"))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
