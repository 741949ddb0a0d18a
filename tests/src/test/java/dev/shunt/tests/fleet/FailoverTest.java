package dev.shunt.tests.fleet;

import static dev.shunt.tests.fleet.FleetNode.SYNC;
import static dev.shunt.tests.fleet.FleetNode.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.postgres.LocalPostgres;
import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandle;
import dev.shunt.testing.Program;
import dev.shunt.tests.fleet.FleetNode.Run;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary with a synchronous standby is lost: what was acknowledged is there, and nodes go on there by themselves. */
@Tag("processes")
class FailoverTest {

    private static final Path BINARIES = Path.of("/usr/lib/postgresql/15/bin");
    private static final int TASKS = 300;
    private static final int ENOUGH = 1_000_000;

    private final List<Run> runs = new CopyOnWriteArrayList<>();

    @BeforeEach
    void patient() {
        Awaitility.setDefaultTimeout(Program.PATIENCE);
    }

    private FleetNode node(String name, String url) throws Exception {
        return new FleetNode(name, PostgresTaskQueue.at(url).name(name), runs, new OneAtATime(), _ -> {});
    }

    private static Set<Long> tasks(LocalPostgres postgres) throws SQLException {
        var ids = new HashSet<Long>();
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection.createStatement().executeQuery("select id from shunt.task")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    private static List<Long> left(LocalPostgres postgres) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection
                        .createStatement()
                        .executeQuery("select (select count(*) from shunt.task), (select count(*) from shunt.node)")) {
            rows.next();
            return List.of(rows.getLong(1), rows.getLong(2));
        }
    }

    @Test
    void primaryIsLost_whatWasAcknowledgedIsOnTheStandby_andRunsFromThere() throws Exception {
        try (var primary = LocalPostgres.start(BINARIES);
                var standby = primary.standby()) {
            var url = "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port()
                    + "/postgres?user=postgres&targetServerType=primary";
            try (var a = node("a", url);
                    var b = node("b", url)) {
                var asked = new ArrayList<TaskHandle>();
                for (int i = 0; i < TASKS; i++) {
                    asked.add(a.submit("gate " + i, SYNC));
                }
                // some are stored, and others on their way
                await().until(() -> asked.stream().anyMatch(FailoverTest::isStored));
                primary.kill();
                var acknowledged = asked.stream().filter(FailoverTest::isStored).toList();
                standby.promote();
                assertThat(tasks(standby))
                        .containsAll(acknowledged.stream().map(TaskHandle::id).toList());
                a.gate.release(ENOUGH); // a claim that was lost with the primary is made again
                b.gate.release(ENOUGH);
                acknowledged.forEach(FleetNode::done);
                asked.forEach(FailoverTest::isOver);
                assertThat(done(a.submit("new", SYNC)).text()).isIn("a", "b");
                await().until(() -> a.server().stats().fleet().nodes() == 2);
            }
            assertThat(left(standby)).as("tasks and nodes that are left").containsExactly(0L, 0L);
        }
    }

    /** What was not acknowledged may have waited too long for the database. */
    private static void isOver(TaskHandle task) {
        var result = FleetNode.result(task);
        if (!(result instanceof Result.Rejected(long _, String reason, Data _)
                && reason.contains("cannot be stored"))) {
            assertThat(result).isInstanceOf(Result.Done.class);
        }
    }

    private static boolean isStored(TaskHandle task) {
        var stored = task.stored().toCompletableFuture();
        return stored.isDone() && !stored.isCompletedExceptionally();
    }
}
