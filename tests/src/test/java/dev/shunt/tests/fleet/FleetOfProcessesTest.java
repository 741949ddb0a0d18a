package dev.shunt.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.postgres.LocalPostgres;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code durable-queue --queue} on nodes of their own: what was stored is done, whichever node or database is killed or stopped. */
@Tag("processes")
class FleetOfProcessesTest {

    private static final String IDLE = ".*\"queued\":0,\"running\":0,.*";

    @RegisterExtension
    static final Programs programs = new Programs();

    private static LocalPostgres postgres;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        postgres = LocalPostgres.start();
    }

    @AfterAll
    static void end() throws IOException {
        postgres.close();
    }

    private static Program node(String name) {
        var program = programs.start(Launch.of(
                "DurableQueue",
                "--port",
                0,
                "--queue",
                postgres.url(),
                "--node",
                name,
                "--ttl",
                10,
                "--ledger",
                directory.resolve(name)));
        program.port(); // one after the other: each starts some children
        return program;
    }

    private static Set<String> done() throws IOException {
        var ids = new HashSet<String>();
        for (var name : List.of("a", "b", "c")) {
            if (Files.exists(directory.resolve(name))) {
                Files.readAllLines(directory.resolve(name))
                        .forEach(line -> ids.add(line.substring(0, line.indexOf(' '))));
            }
        }
        return ids;
    }

    private static long count(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<String> rows() throws SQLException {
        var left = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection
                        .createStatement()
                        .executeQuery("select 'task ' || t::text from shunt.task t"
                                + " union all select 'node ' || n::text from shunt.node n"
                                + " union all select 'lane ' || l::text from shunt.lane l")) {
            while (rows.next()) {
                left.add(rows.getString(1));
            }
        }
        return left;
    }

    private static List<String> store(LineClient client, String line, int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            client.send(line);
        }
        client.read(count).forEach(answer -> {
            assertThat(answer).startsWith("stored ");
            ids.add(answer.substring("stored ".length()));
        });
        return ids;
    }

    @Test
    void killedNode_stoppedManager_andKilledDatabase_loseNothing() throws Exception {
        var stored = new ArrayList<String>();
        var a = node("a");
        var b = node("b");
        var c = node("c");
        try (var client = new LineClient(a.port());
                var other = new LineClient(c.port())) {
            await().until(
                            () -> { // whoever is first has some of them, and soon another
                                stored.addAll(store(client, "sleep 0.2", 60));
                                return count(
                                                "select count(*) from shunt.task join shunt.node n on node = n.id where name = 'b'")
                                        > 0;
                            });
            b.kill();
            long killed = System.nanoTime();
            await().until(() -> count("select count(*) from shunt.node where name = 'b'") == 0);
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(30));

            stored.addAll(store(client, "sleep 3", 8));
            await().until(() ->
                    count("select count(*) from shunt.task join shunt.node n on node = n.id where name = 'c'"
                                    + " and state = 'l'")
                            > 0);
            Signals.send("STOP", c.pid());
            await().until(() -> count("select count(*) from shunt.node where name = 'c'") == 0);
            var before = Files.exists(directory.resolve("c")) ? Files.readAllLines(directory.resolve("c")) : List.of();
            await().until(() -> client.ask("stats").matches(IDLE));
            assertThat(Files.exists(directory.resolve("c")) ? Files.readAllLines(directory.resolve("c")) : List.of())
                    .as("begun by children whose manager is stopped, after its leases were over")
                    .isEqualTo(before);
            Signals.send("CONT", c.pid());
            await().until(() -> count("select count(*) from shunt.node where name = 'c'") == 1);
            await().until(() -> !other.ask("stats").contains("\"fenced\":0,"));

            postgres.kill();
            assertThat(client.ask("stats")).contains("\"nodes\":");
            client.send("while it is away");
            postgres.begin();
            String answer = client.read(1).getFirst();
            assertThat(answer).startsWith("stored ");
            stored.add(answer.substring("stored ".length()));
            await().until(() -> client.ask("stats").matches(IDLE));
        }
        assertThat(a.stop()).isZero();
        assertThat(c.stop()).isZero();
        assertThat(done()).containsAll(stored);
        assertThat(rows()).as("tasks, nodes and lanes that are left").isEmpty();
    }
}
