package dev.shunt.postgres;

import dev.shunt.log.Log;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;

/** What is done before a node lives: the database is there, has the tables, and an old log's tasks. */
final class Start {

    private static final Logger LOG = Log.of(Start.class);

    /** With nodes that use the tables while they are changed. */
    private static final int MOST_CONFLICTS = 10;

    private final Server server;
    private final Duration patience;
    private final Clock clock;

    Start(Server server, Duration patience, Clock clock) {
        this.server = server;
        this.patience = patience;
        this.clock = clock;
    }

    void prepare(String node, Optional<TaskLog.Opener> old) throws IOException, SQLException {
        long end = clock.nanoTime() + patience.toNanos();
        var backoff = new Backoff();
        int conflicts = 0;
        while (true) {
            try (var connection = server.connect("start")) {
                Schema.prepare(connection, server);
                if (old.isPresent()) {
                    new Move(connection, node).from(old.get());
                }
                return;
            } catch (SQLException e) {
                if (Server.isConflict(e) && ++conflicts < MOST_CONFLICTS) {
                    LOG.info(
                            "the tables at {} are looked at again, once older nodes let them go: {}",
                            server,
                            Server.reason(e));
                    backoff.await();
                    continue;
                }
                if (!Server.isLost(e) || "08004".equals(e.getSQLState()) || clock.nanoTime() - end > 0) {
                    throw e;
                }
                LOG.warn("{} is not reached, and tried again: {}", server, Server.reason(e));
                backoff.await();
            }
        }
    }

    static IOException cannotBeOpened(Server server, SQLException e) {
        return new IOException("cannot share tasks in " + server + ": " + Remedy.reason(e) + "; " + Remedy.of(e), e);
    }
}
