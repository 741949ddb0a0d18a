package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.TaskQueue;
import dev.shunt.testkit.TaskQueueContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
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
