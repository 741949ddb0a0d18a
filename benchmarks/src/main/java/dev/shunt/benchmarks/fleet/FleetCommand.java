package dev.shunt.benchmarks.fleet;

import dev.shunt.postgres.LocalPostgres;
import java.sql.DriverManager;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGPoolingDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./shunt bench fleet}: nodes in one process that share a PostgreSQL of their own, with fsync; contenders in turn. */
@Command(
        name = "fleet",
        description = "Tasks that nodes share in a PostgreSQL of their own: tasks a second, and latency.")
public final class FleetCommand implements Callable<Integer> {

    private static final int ALONE = 200;
    private static final long PATIENCE_SECONDS = 600;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--nodes", paramLabel = "N", description = "how many nodes there are, default ${DEFAULT-VALUE}")
    private int nodes = 4;

    @Option(names = "--tasks", paramLabel = "N", description = "how many tasks of 200 bytes, default ${DEFAULT-VALUE}")
    private int tasks = 50_000;

    @Option(names = "--rounds", paramLabel = "N", description = "how often in turn, default ${DEFAULT-VALUE}")
    private int rounds = 3;

    private interface Opening {
        Fleet open() throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        atLeastOne("--nodes", nodes);
        atLeastOne("--tasks", tasks);
        atLeastOne("--rounds", rounds);
        try (var postgres = LocalPostgres.start()) {
            var database = database(postgres.url());
            IO.println(String.format(
                    Locale.ROOT, "%-28s %10s %10s %10s", "fleet, " + nodes + " nodes", "tasks/s", "p50 ms", "p99 ms"));
            for (int round = 0; round < rounds; round++) {
                measure("shunt", () -> new ShuntFleet(postgres.url(), nodes));
                try (var holder = DriverManager.getConnection(postgres.url());
                        var statement = holder.createStatement()) {
                    holder.setAutoCommit(false);
                    statement.execute("set transaction isolation level repeatable read");
                    statement.execute("select 1 from pg_class");
                    measure("shunt, a snapshot held", () -> new ShuntFleet(postgres.url(), nodes));
                }
                measure("db-scheduler", () -> new DbSchedulerFleet(database, nodes));
                measure("loop with skip locked", () -> new LoopFleet(database, nodes));
            }
            database.close();
        }
        return 0;
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), option + " " + value + " is not 1 or more");
        }
    }

    @SuppressWarnings("deprecation") // the driver's own pool: enough here, and no other library
    private PGPoolingDataSource database(String url) {
        var source = new PGPoolingDataSource();
        source.setDataSourceName("bench");
        source.setUrl(url);
        source.setMaxConnections(nodes * 8);
        return source;
    }

    private void measure(String name, Opening opening) throws Exception {
        try (var fleet = opening.open()) {
            run(fleet, 2_000); // so that all have started
            double perSecond = run(fleet, tasks);
            var alone = new Histogram(3);
            for (int i = 0; i < ALONE; i++) {
                long began = System.nanoTime();
                run(fleet, 1);
                alone.recordValue(System.nanoTime() - began);
            }
            IO.println(String.format(
                    Locale.ROOT,
                    "%-28s %10.0f %10.1f %10.1f",
                    name,
                    perSecond,
                    alone.getValueAtPercentile(50) / 1e6,
                    alone.getValueAtPercentile(99) / 1e6));
        }
    }

    private static double run(Fleet fleet, int count) throws Exception {
        var done = new CountDownLatch(count);
        var payloads = Collections.nCopies(count, "x".repeat(200));
        long began = System.nanoTime();
        fleet.submit(payloads, done::countDown);
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    done.getCount() + " of " + count + " tasks are not over after " + PATIENCE_SECONDS + " s");
        }
        return count * 1e9 / (System.nanoTime() - began);
    }
}
