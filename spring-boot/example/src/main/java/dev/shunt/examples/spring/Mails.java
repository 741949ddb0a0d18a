package dev.shunt.examples.spring;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What has become of each mail: a table that the application and its children share. */
@Repository
class Mails {

    /** @param pid of the process that sends it, or has sent it */
    record Mail(String id, String to, String state, Long pid, String problem) {}

    private final JdbcClient database;

    Mails(JdbcClient database) {
        this.database = database;
    }

    void queued(String id, String to) {
        database.sql("insert into mail (id, recipient, state) values (?, ?, 'queued')")
                .params(id, to)
                .update();
    }

    void running(String id, long pid) {
        database.sql("update mail set state = 'running', pid = ? where id = ?")
                .params(pid, id)
                .update();
    }

    void done(String id) {
        database.sql("update mail set state = 'done' where id = ?").params(id).update();
    }

    void failed(String id, String problem) {
        database.sql("update mail set state = 'failed', problem = ? where id = ? and state <> 'done'")
                .params(problem, id)
                .update();
    }

    Optional<Mail> find(String id) {
        return database.sql("select id, recipient, state, pid, problem from mail where id = ?")
                .params(id)
                .query((row, _) -> mail(row))
                .optional();
    }

    private static Mail mail(ResultSet row) throws SQLException {
        long pid = row.getLong("pid");
        boolean isSent = !row.wasNull();
        return new Mail(
                row.getString("id"),
                row.getString("recipient"),
                row.getString("state"),
                isSent ? pid : null,
                row.getString("problem"));
    }
}
