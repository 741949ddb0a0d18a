package dev.shunt.postgres;

import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A user who may do what the guide says, and nothing else; somebody else has made the tables. */
final class LeastPrivileges {

    private LeastPrivileges() {}

    /** The URL for that user. */
    static String url(LocalPostgres postgres) throws IOException {
        try (var connection = DriverManager.getConnection(postgres.url());
                var statement = connection.createStatement()) {
            statement.execute(PostgresTaskQueue.schema());
            statement.execute("create role least login; grant usage on schema shunt to least;"
                    + " grant usage on all sequences in schema shunt to least;"
                    + " grant select, insert, update, delete on all tables in schema shunt to least");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=least";
    }
}
