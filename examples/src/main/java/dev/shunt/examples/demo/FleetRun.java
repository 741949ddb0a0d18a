package dev.shunt.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The run of the demo: the first node is asked for all tasks; when a third is done the last is
 * killed, and the second is stopped for 20 s, which is twice its TTL.
 */
final class FleetRun {

    private static final Duration STOPPED = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofMinutes(10);

    /** What {@code stats} answers. */
    record Numbers(
            long queued, long running, long done, long failed, long dead, long fenced, int nodes) {}

    private final FleetDatabase database;
    private final List<FleetNode> nodes;
    private final int tasks;
    private final Path directory;
    private final Set<Long> stored = new HashSet<>();
    private final Map<String, Numbers> last = new TreeMap<>();
    private Set<Long> ofKilled = Set.of();
    private long killedAt;
    private double rescueSeconds;

    FleetRun(String url, List<FleetNode> nodes, int tasks, Path directory) {
        this.database = new FleetDatabase(url);
        this.nodes = nodes;
        this.tasks = tasks;
        this.directory = directory;
    }

    FleetFigures run() throws IOException, InterruptedException {
        try (var first = nodes.getFirst().connect()) {
            submit(first);
            faults();
            boolean over = false;
            for (long looks = 0; looks < MOST.dividedBy(LOOK) && !over; looks++) {
                pause(LOOK);
                show();
                over =
                        database.isEmpty()
                                && Files.exists(nodes.getFirst().ledger(directory))
                                && isTold();
            }
            return figures();
        }
    }

    private void submit(Socket to) throws IOException {
        var out = to.getOutputStream();
        Thread.ofPlatform().daemon().start(() -> send(out));
        var in = new BufferedReader(new InputStreamReader(to.getInputStream(), UTF_8));
        for (int i = 0; i < tasks; i++) {
            var line = in.readLine();
            if (line == null || !line.startsWith("stored ")) {
                throw new IOException("the first node answered " + line);
            }
            stored.add(Long.parseLong(line.substring("stored ".length())));
            if (i % 1_000 == 999) {
                show();
            }
        }
    }

    private void send(OutputStream out) {
        try {
            for (int i = 0; i < tasks; i++) {
                out.write(("task " + i + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            System.err.println("fleet-demo: tasks cannot be sent: " + e.getMessage());
        }
    }

    /** When a third is done. */
    private void faults() throws IOException, InterruptedException {
        while (runsByNode().values().stream().mapToInt(Integer::intValue).sum() < tasks / 3) {
            pause(LOOK);
            show();
        }
        var killed = nodes.getLast();
        while (database.leased(killed.name()).isEmpty() && !database.isEmpty()) {
            pause(Duration.ofMillis(5));
        }
        killed.kill();
        killedAt = System.nanoTime();
        ofKilled = database.leased(killed.name());
        IO.println("killed " + killed.name() + ", which had " + ofKilled.size() + " tasks");
        if (nodes.size() > 2) {
            var stopped = nodes.get(1);
            stopped.stop();
            IO.println("stopped " + stopped.name() + " for " + STOPPED.toSeconds() + " s");
            for (long left = STOPPED.dividedBy(LOOK); left > 0; left--) {
                pause(LOOK);
                show();
            }
            stopped.goOn();
            IO.println(stopped.name() + " goes on");
        }
    }

    private boolean isTold() throws IOException {
        var now = ask(nodes.getFirst());
        return now.queued() == 0 && now.running() == 0;
    }

    private static void pause(Duration time) throws InterruptedException {
        var never = new CountDownLatch(1);
        var _ = never.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void show() throws IOException {
        if (rescueSeconds == 0
                && killedAt != 0
                && database.stillLeased(ofKilled, nodes.getLast().name()) == 0) {
            rescueSeconds = (System.nanoTime() - killedAt) / 1e9;
        }
        var leased = database.leasedByNode();
        var text = new StringBuilder("\n  node       state     claimed      done    fenced\n");
        var done = runsByNode();
        for (var node : nodes) {
            if (node.state().equals("runs")) {
                last.put(node.name(), ask(node));
            }
            var numbers = last.get(node.name());
            text.append(
                    String.format(
                            "  %-10s %-8s %8d  %8d  %8d%n",
                            node.name(),
                            node.state(),
                            leased.getOrDefault(node.name(), 0),
                            done.getOrDefault(node.name(), 0),
                            numbers == null ? 0 : numbers.fenced()));
        }
        IO.println(text);
    }

    private Numbers ask(FleetNode node) throws IOException {
        try (var socket = node.connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("stats\n".getBytes(UTF_8));
            var line =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                            .readLine();
            return Codec.json().decode(String.valueOf(line).getBytes(UTF_8), Numbers.class);
        }
    }

    private Map<String, Integer> runsByNode() throws IOException {
        var runs = new TreeMap<String, Integer>();
        for (var node : nodes) {
            var ledger = node.ledger(directory);
            if (Files.exists(ledger)) {
                try (var lines = Files.lines(ledger)) {
                    runs.put(node.name(), (int) lines.count());
                }
            }
        }
        return runs;
    }

    private FleetFigures figures() throws IOException {
        var runs = new HashMap<Long, Integer>();
        int lines = 0;
        for (var node : nodes) {
            if (Files.exists(node.ledger(directory))) {
                for (var line : Files.readAllLines(node.ledger(directory))) {
                    lines++;
                    runs.merge(
                            Long.parseLong(line.substring(0, line.indexOf(' '))), 1, Integer::sum);
                }
            }
        }
        show();
        long told = ask(nodes.getFirst()).done();
        int lost = (int) stored.stream().filter(id -> !runs.containsKey(id)).count();
        long fenced = last.values().stream().mapToLong(Numbers::fenced).sum();
        int rescued = (int) ofKilled.stream().filter(runs::containsKey).count();
        int results = (int) Math.min(told, stored.size()) - database.left();
        return new FleetFigures(
                tasks,
                results,
                lost,
                (int) Math.max(0, told - stored.size()),
                lines,
                rescued,
                Math.round(rescueSeconds * 10) / 10.0,
                fenced,
                runsByNode());
    }
}
