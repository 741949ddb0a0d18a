package dev.shunt.postgres;

import dev.shunt.log.Log;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A connection that is opened when it is needed, and again after it was lost. Of one thread. */
final class Session implements AutoCloseable {

    private final Server server;
    private final String part;
    private final boolean autoCommit;
    private @Nullable Connection connection;

    Session(Server server, String part, boolean autoCommit) {
        this.server = server;
        this.part = part;
        this.autoCommit = autoCommit;
    }

    boolean isOpen() {
        return connection != null;
    }

    Connection open() throws SQLException {
        if (connection == null) {
            var opened = server.connect(part);
            opened.setAutoCommit(autoCommit);
            connection = opened;
        }
        return connection;
    }

    /** Nothing of what was begun is done. */
    void rollback() {
        if (connection != null && !autoCommit) {
            try {
                connection.rollback();
            } catch (SQLException e) {
                drop();
            }
        }
    }

    /** It is of no use any more. */
    void drop() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                Log.of(Session.class).debug("closed already", e);
            }
            connection = null;
        }
    }

    @Override
    public void close() {
        drop();
    }
}
