package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Audience;
import dev.shunt.benchmarks.client.Dialogue;
import dev.shunt.benchmarks.client.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How each scenario is measured. Rates are per second, times in the unit that their name ends with. */
final class Measurements {

    /** How busy the load generator was: close to 1, it is what was measured. */
    static final String GENERATOR_LOAD = "generator_load";

    /** How late the load generator itself was in an open loop, by the 99th percentile: the latencies have it in them. */
    static final String LATE = "late_micros";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** A child that dies younger than a second is replaced after a pause, as a child that cannot start is. */
    private static final Duration GROWN_UP = Duration.ofMillis(1500);

    /** In which a JVM frees what its compiler has used, which takes 5 s, and gives it back if it was told to, 5 s later. */
    private static final Duration REST = Duration.ofSeconds(12);

    private static final long SLEEP_MILLIS = 100;
    private static final int RELOAD_WINDOW = 64;

    /** What the programs here reply if a task has not ended well. */
    private static final String FAILED = "failed";

    private Measurements() {}

    /** Whether a metric is about the load generator, not about a contender. */
    static boolean isOfGenerator(String metric) {
        return metric.equals(GENERATOR_LOAD) || metric.equals(LATE);
    }

    /** Requests and replies, by the load generator. */
    static Measurement replies(Load load, Dialogue dialogue) {
        return replies(load, dialogue, dialogue);
    }

    /** The same, with another dialogue for servers from outside, which do not do what ours do. */
    static Measurement replies(Load load, Dialogue dialogue, Dialogue withTheirs) {
        return (server, effort) -> {
            var shape = new Load.Shape(effort.connections(), effort.perSecond(), effort.duration());
            long began = System.nanoTime();
            Load.Figures figures;
            do {
                figures = load.run(server.port(), server::cpuNanos, server.isTheirs() ? withTheirs : dialogue, shape);
            } while (figures.replies() == 0 && isWorthAnother(effort, began));
            if (effort.counts() && figures.replies() == 0) {
                throw new IOException("no reply within " + effort.duration().toMillis() + " ms");
            }
            var values = values(
                    "replies_per_second",
                    figures.perSecond(),
                    "p50_micros",
                    figures.micros(50),
                    "p99_micros",
                    figures.micros(99),
                    "cpu_micros_per_reply",
                    figures.cpuMicrosPerReply(),
                    GENERATOR_LOAD,
                    figures.generatorLoad());
            if (effort.perSecond() > 0) {
                values.put(LATE, figures.lateMicros(99));
            }
            return values;
        };
    }

    /** A line to all, again and again, each time until all of it has arrived everywhere. */
    static Measurement broadcast(int connections, int bytes) {
        return (server, effort) -> {
            try (var audience = Audience.of(server.port(), connections, bytes);
                    var speaker = server.lineClient()) {
                var nanos = new Histogram(PATIENCE.toNanos(), 3);
                long cpu = server.cpuNanos();
                long end = System.nanoTime() + effort.duration().toNanos();
                do {
                    long began = System.nanoTime();
                    speaker.send("all\n");
                    audience.awaitTold();
                    nanos.recordValue(Math.min(System.nanoTime() - began, PATIENCE.toNanos()));
                    speaker.receive();
                } while (System.nanoTime() - end < 0);
                cpu = server.cpuNanos() - cpu;
                return values(
                        "p50_millis_until_all_have_it",
                        nanos.getValueAtPercentile(50) / 1e6,
                        "p99_millis_until_all_have_it",
                        nanos.getValueAtPercentile(99) / 1e6,
                        "cpu_micros_per_message",
                        cpu / 1e3 / nanos.getTotalCount() / connections);
            }
        };
    }

    /** Tasks with a window, by the program itself. */
    static Measurement fire(int window, int bytes) {
        return (server, effort) -> {
            long cpu = server.cpuNanos();
            var measured = fired(server, window, bytes, effort);
            cpu = server.cpuNanos() - cpu;
            return values(
                    "tasks_per_second",
                    number(measured, "tasks") * 1e9 / number(measured, "nanos"),
                    "cpu_micros_per_task",
                    cpu / 1e3 / number(measured, "ended"));
        };
    }

    /** Tasks one after the other, by the program itself. */
    static Measurement latency(int bytes) {
        return (server, effort) -> {
            var measured = fired(server, 1, bytes, effort);
            return values("p50_micros", number(measured, "p50") / 1e3, "p99_micros", number(measured, "p99") / 1e3);
        };
    }

    private static Map<String, Long> fired(Started server, int window, int bytes, Effort effort)
            throws IOException, InterruptedException {
        var duration = effort.duration();
        String command = "fire " + window + " " + bytes + " " + duration.toMillis();
        long began = System.nanoTime();
        Map<String, Long> measured;
        do {
            measured = server.measured(command, duration.plus(PATIENCE));
        } while (number(measured, "tasks") == 0 && isWorthAnother(effort, began));
        if (number(measured, "failed") > 0 || (effort.counts() && number(measured, "tasks") == 0)) {
            throw new IOException((long) number(measured, "failed") + " of " + (long) number(measured, "ended")
                    + " tasks failed, " + (long) number(measured, "tasks") + " ended in time");
        }
        return measured;
    }

    /** A round of a quick run may be too short for anything to end in it, on a machine that does much else. */
    private static boolean isWorthAnother(Effort effort, long began) {
        return effort.quick() && System.nanoTime() - began < PATIENCE.toNanos();
    }

    /** Reloads while a window of tasks is outstanding, until each process has a successor. */
    static Measurement reload(int slots, int bytes) {
        return (server, _) -> {
            int processes = 2 * Math.min(slots, CORES);
            var measured = server.measured("reload " + RELOAD_WINDOW + " " + bytes + " " + processes, PATIENCE);
            return values(
                    "results_lost", number(measured, "failed"),
                    "longest_gap_millis", number(measured, "gap") / 1e6,
                    "tasks_per_second", number(measured, "tasks") * 1e9 / number(measured, "nanos"));
        };
    }

    /** So many tasks that sleep, all asked for at once, after short ones. */
    static Measurement fairness(int tasks) {
        return (server, effort) -> {
            try (var client = server.lineClient()) {
                int before = effort.quick() ? 100 : 1_000;
                client.send("x\n".repeat(before));
                receive(client, before);
                long began = System.nanoTime();
                client.send(("sleep " + SLEEP_MILLIS + "\n").repeat(tasks));
                receive(client, tasks);
                return values("millis_until_all_ended", millisSince(began));
            }
        };
    }

    /** Memory of all processes of a server that has served some tasks: at once, and when it has rested. */
    static Measurement memory() {
        return Measurement.ofFreshServer((server, effort) -> {
            try (var client = server.lineClient()) {
                int tasks = effort.quick() ? 200 : 20_000;
                for (int done = 0; done < tasks; done += 200) {
                    client.send("x\n".repeat(200));
                    receive(client, 200);
                }
            }
            var values = values("pss_megabytes", pssMegabytes(server));
            if (!effort.quick()) {
                server.rest(REST);
                values.put("pss_at_rest_megabytes", pssMegabytes(server));
            }
            return values;
        });
    }

    private static double pssMegabytes(Started server) throws IOException {
        long kilobytes = 0;
        for (var process : server.processes()) {
            kilobytes += pssKilobytes(process);
        }
        return kilobytes / 1024.0;
    }

    /** From the start of the process until it accepts. */
    static Measurement startup() {
        return Measurement.ofFreshServer((server, _) -> values("startup_millis", server.startNanos() / 1e6));
    }

    /** From the death of a child until its successor has run a task. */
    static Measurement replacement() {
        return Measurement.ofFreshServer((server, effort) -> {
            try (var client = server.lineClient()) {
                long ready = System.nanoTime();
                String first;
                do {
                    first = unlessFailed(client.ask("pid"));
                } while (!effort.quick() && System.nanoTime() - ready < GROWN_UP.toNanos());
                long began = System.nanoTime();
                ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly();
                String next;
                do {
                    next = client.ask("pid");
                } while (next.equals(FAILED) || next.equals(first));
                return values("replaced_millis", millisSince(began));
            }
        });
    }

    private static void receive(Started.LineClient client, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            unlessFailed(client.receive());
        }
    }

    private static String unlessFailed(String reply) throws IOException {
        if (reply.equals(FAILED)) {
            throw new IOException("a task failed");
        }
        return reply;
    }

    /** Proportional: what processes share is divided among them. 0 for one that has ended meanwhile. */
    private static long pssKilobytes(ProcessHandle process) throws IOException {
        var rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        try {
            String line = Files.readString(rollup)
                    .lines()
                    .filter(text -> text.startsWith("Pss:"))
                    .findFirst()
                    .orElse("0");
            return Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            // It may end before the file is opened or, with another exception, before it is read.
            if (e instanceof NoSuchFileException || !process.isAlive()) {
                return 0;
            }
            throw e;
        }
    }

    private static double millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static double number(Map<String, Long> measured, String name) throws IOException {
        Long value = measured.get(name);
        if (value == null) {
            throw new IOException("the program did not say how many " + name);
        }
        return value;
    }

    /** Alternately names and numbers; keeps their order. */
    private static Map<String, Double> values(Object... namesAndNumbers) {
        var values = new LinkedHashMap<String, Double>();
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            values.put((String) namesAndNumbers[i], ((Number) namesAndNumbers[i + 1]).doubleValue());
        }
        return values;
    }
}
