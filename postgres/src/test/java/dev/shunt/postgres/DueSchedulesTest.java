package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.Durability;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Occurrence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a node took of a schedule is its own, also where the answer to its commit was lost. */
@Tag("processes")
class DueSchedulesTest {

    private static final int ME = 1;
    private static final int OTHER = 2;

    private static Request ask(Occurrence occurrence) {
        return new Request(new Entry.Due(occurrence), Durability.DISK, _ -> {});
    }

    private static @Nullable Occurrence mine(Connection connection, Request request, int node) throws SQLException {
        var answer =
                new Transaction(connection, List.of(request), node, false).run().getFirst();
        return ((Answer.Fires) answer).mine();
    }

    private static void tick(Connection connection, String schedule, int secondsAgo) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("insert into schedule select '" + schedule + "', date_trunc('minute', clock_timestamp())"
                    + " - " + secondsAgo + " * interval '1 s', 9, true");
            connection.commit();
        }
    }

    @Test
    void commitWhoseAnswerIsLost_leavesItsTimeToThisNode_whateverOthersTookSince() throws Exception {
        try (var postgres = LocalPostgres.start();
                var connection = new Server(postgres.url(), "test").connect("writes")) {
            try (var statement = connection.createStatement()) {
                statement.execute(Schema.DDL);
                connection.setAutoCommit(false);
            }
            tick(connection, "often", 240);
            var every = new Occurrence("often", 0, 60_000, true);
            var asked = ask(every);
            var taken = mine(connection, asked, ME);
            assertThat(taken).isNotNull();
            var others = mine(connection, ask(every), OTHER);
            assertThat(others).isNotNull().isNotEqualTo(taken);

            assertThat(mine(connection, asked, ME)).as("asked again").isEqualTo(taken);
            assertThat(mine(connection, ask(every), ME)).as("asked anew").isNotEqualTo(taken);
        }
    }

    @Test
    void commitThatWasLost_isMadeAnew() throws Exception {
        try (var postgres = LocalPostgres.start();
                var connection = new Server(postgres.url(), "test").connect("writes")) {
            try (var statement = connection.createStatement()) {
                statement.execute(Schema.DDL);
                connection.setAutoCommit(false);
            }
            tick(connection, "often", 240);
            var every = new Occurrence("often", 0, 60_000, true);
            var asked = ask(every);
            var taken = mine(connection, asked, ME);
            try (var statement = connection.createStatement()) {
                statement.execute("delete from schedule where node = " + ME); // as if it had not come to its end
                connection.commit();
            }
            assertThat(mine(connection, ask(every), OTHER)).isEqualTo(taken);
            assertThat(mine(connection, asked, ME)).isNotNull().isNotEqualTo(taken);
        }
    }
}
