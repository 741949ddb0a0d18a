package dev.shunt.postgres;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One round after another on a session that listens, until it is closed; a lost one is opened again. Of one thread. */
final class SessionLoop {

    private static final Logger LOG = Log.of(SessionLoop.class);

    /** What is done there. */
    interface Work {

        /** Before the first round on a connection that was opened anew. */
        void opened(Connection connection) throws SQLException;

        void round(Connection connection) throws SQLException;
    }

    private final Session session;
    private final Backoff backoff;
    private final Consumer<@Nullable String> reached;
    private final String complaint;

    /**
     * @param reached told after a connection has served, and with a reason when the database has failed it
     * @param complaint what does not happen meanwhile
     */
    SessionLoop(Session session, Backoff backoff, Consumer<@Nullable String> reached, String complaint) {
        this.session = session;
        this.backoff = backoff;
        this.reached = reached;
        this.complaint = complaint;
    }

    /** Of a session that is open already, {@link Work#opened} is done. */
    void run(Work work) {
        boolean ready = session.isOpen();
        while (!backoff.isClosed()) {
            try {
                ready &= session.isOpen();
                var connection = session.open();
                if (!ready) {
                    work.opened(connection);
                    ready = true;
                    backoff.worked();
                    reached.accept(null);
                }
                work.round(connection);
            } catch (SQLException e) {
                failed(e);
            } catch (RuntimeException | Error e) {
                FatalErrors.letOn(e);
                LOG.error("{}; tried again", complaint, e);
                session.drop();
                backoff.await();
            }
        }
    }

    private void failed(SQLException e) {
        if (Server.isConflict(e)) {
            LOG.debug("tried again", e);
            return;
        }
        session.drop();
        reached.accept(Server.reason(e));
        if (!Server.isLost(e)) {
            LOG.error("{}; tried again", complaint, e);
        }
        backoff.await();
    }
}
