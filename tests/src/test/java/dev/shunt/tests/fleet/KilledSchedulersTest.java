package dev.shunt.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.postgres.LocalPostgres;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Ticking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A schedule of a fleet whose nodes are killed as soon as they have run its task, all of them at times. */
@Tag("processes")
class KilledSchedulersTest {

    private static final int KILLS = 4;
    private static final List<String> NAMES = List.of("a", "b");

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    private Path directory;

    private final Map<String, Program> nodes = new HashMap<>();

    @BeforeEach
    void patient() {
        Awaitility.setDefaultTimeout(Program.PATIENCE);
    }

    private Program begin(LocalPostgres postgres, String name) {
        var program = programs.start(Launch.of(Ticking.class, postgres.url(), name, directory.resolve(name)));
        nodes.put(name, program);
        return program;
    }

    /** One after the other: each starts some children. */
    private void beginAll(LocalPostgres postgres) {
        for (var name : NAMES) {
            begin(postgres, name).port();
        }
    }

    private List<String> lines(String name) throws IOException {
        var ledger = directory.resolve(name);
        return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
    }

    /** A task whose node is killed after it has written, and before that is known, writes again. */
    private Set<String> done() throws IOException {
        var ids = new HashSet<String>();
        for (var name : NAMES) {
            ids.addAll(lines(name));
        }
        return ids;
    }

    private static List<String> column(LocalPostgres postgres, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection.createStatement().executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Test
    void eachTimeThatItWasDue_hasOneTask_thatHasRun() throws Exception {
        try (var postgres = LocalPostgres.start()) {
            beginAll(postgres);
            var seen = new HashMap<String, Integer>();
            for (int kills = 0; kills < KILLS; kills++) {
                var fired = await().until(
                                () -> NAMES.stream()
                                        .filter(name -> has(name, seen.getOrDefault(name, 0) + 1))
                                        .findFirst(),
                                Optional::isPresent)
                        .orElseThrow();
                Objects.requireNonNull(nodes.get(fired)).kill();
                seen.put(fired, lines(fired).size());
                begin(postgres, fired);
            }
            nodes.values().forEach(Program::kill); // nobody is there for some seconds
            beginAll(postgres);
            await().until(() -> column(
                                    postgres,
                                    "select 1 from shunt.schedule where due > clock_timestamp() - interval '3 s' and submitted"
                                            + " and not exists (select 1 from shunt.task where state <> 'd')")
                            .size()
                    > 0);
            await().until(() -> column(
                            postgres,
                            "select due from shunt.schedule where not submitted and due < clock_timestamp() - interval '6 s'")
                    .isEmpty()); // what a node that was killed had taken is another's
            nodes.values().forEach(program -> assertThat(program.stop()).isZero());

            assertThat(
                            column(
                                    postgres,
                                    "select extract(epoch from max(due) - min(due))::int / 2 + 1 - count(*) from shunt.schedule"))
                    .as("times that it was not due")
                    .containsExactly("0");
            var tasks = done();
            tasks.addAll(column(postgres, "select id from shunt.task"));
            assertThat(column(postgres, "select due from shunt.schedule where submitted"))
                    .as("times that it was due, the one from which it counts, and tasks " + tasks)
                    .hasSize(tasks.size() + 1);
        }
    }

    private boolean has(String name, int lines) {
        try {
            return lines(name).size() >= lines;
        } catch (IOException e) {
            return false; // being written
        }
    }
}
