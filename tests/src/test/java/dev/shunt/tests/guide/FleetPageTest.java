package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.postgres.PgBus;
import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line that changes between one machine and a fleet: either of them. */
class FleetPageTest {

    @Test
    void taskLogAndTaskQueue_areNotBothSet(@TempDir Path directory) {
        var file = directory.resolve("tasks.db");
        var server = new Server("127.0.0.1", 0);
        server.onReceive((_, _) -> {});
        server.onTask(task -> {
            return task.data();
        });

        // one machine
        server.set(s -> s.taskLog(SqliteTaskLog.at(file)));

        // a fleet: the one line that changes
        server.set(s -> s.taskQueue(PostgresTaskQueue.at("jdbc:postgresql://db/app?user=app")));

        assertThatThrownBy(server::start).hasMessageContaining("taskLog").hasMessageContaining("taskQueue");
    }

    @Test
    void bus_thatIsNotReached_isRefused_beforeAnythingIsServed() {
        var server = new Server("127.0.0.1", 0);
        server.onReceive((_, _) -> {});

        server.set(s -> s.bus(PgBus.at("jdbc:postgresql://db/app?user=app")));

        server.set(s -> s.bus(PgBus.at("jdbc:postgresql://127.0.0.1:1/app?user=app")));
        assertThatThrownBy(server::start)
                .hasMessageContaining("127.0.0.1:1/app")
                .hasMessageContaining("waitUpTo");
    }
}
