package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.TaskQueue;
import dev.shunt.testkit.TaskQueueContract;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every task queue keeps, on real servers: the embedded one, and Debian's of version 15 as a user who may do little. */
@Tag("processes")
class PostgresContractTest {

    private static final Path DEBIANS = Path.of("/usr/lib/postgresql/15/bin");

    abstract static class OnServer extends TaskQueueContract {

        private LocalPostgres postgres;
        private String url;

        abstract LocalPostgres server() throws IOException;

        String url(LocalPostgres server) throws IOException {
            return server.url();
        }

        @BeforeAll
        final void begin() throws IOException {
            postgres = server();
            url = url(postgres);
        }

        @AfterAll
        final void end() throws IOException {
            postgres.close();
        }

        @Test
        final void letters_areListedUpToSoManyBytes_andOneAtLeast() throws SQLException {
            long first = Long.MAX_VALUE - 10;
            try (var connection = DriverManager.getConnection(url);
                    var settings = connection.createStatement();
                    var statement = connection.prepareStatement(
                            "insert into dead(id, type, attempts, outcome, reason, source, accepted, options, data)"
                                    + " values (?, 'large', 1, 1, '', 0, now(), '', ?)")) {
                settings.execute("set search_path to shunt");
                connection.setAutoCommit(false);
                for (int i = 0; i < 3; i++) {
                    statement.setLong(1, first + i);
                    statement.setBytes(2, Bytes.of(Data.of("x".repeat(1_000))));
                    statement.executeUpdate();
                }
                var letters = new Letters(connection, new Signals());
                assertThat(letters.list(first - 1, 10, 1)).hasSize(1);
                assertThat(letters.list(first - 1, 10, 1_500)).hasSize(2);
                assertThat(letters.list(first - 1, 2, Long.MAX_VALUE)).hasSize(2);
                assertThat(letters.list(first, 10, Long.MAX_VALUE)).hasSize(2);
                var all = List.of(first, first + 1, first + 2);
                assertThat(letters.of(all, 1)).extracting(DeadTask::id).containsExactly(first);
                assertThat(letters.of(all.subList(1, 3), 1_500)).hasSize(2);
                connection.rollback();
            }
        }

        @Override
        protected final TaskQueue.Opener opener(String name) {
            return PostgresTaskQueue.at(url).name(name);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnEmbedded extends OnServer {
        @Override
        LocalPostgres server() throws IOException {
            return LocalPostgres.start();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnDebians extends OnServer {
        @Override
        LocalPostgres server() throws IOException {
            assertThat(DEBIANS.resolve("initdb"))
                    .as("of Debian's package postgresql-15")
                    .isExecutable();
            return LocalPostgres.start(DEBIANS);
        }

        @Override
        String url(LocalPostgres server) throws IOException {
            return LeastPrivileges.url(server);
        }
    }
}
