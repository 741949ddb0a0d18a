package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.time.Clock;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A newer program changes the tables while older nodes use them. */
@Tag("processes")
class StartTest {

    private static boolean is(Statement statement, String condition) throws SQLException {
        try (var rows = statement.executeQuery("select exists (select 1 from " + condition + ")")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    @Test
    void locksOfAnOlderNodeThatCrossItsOwn_areWaitedFor() throws Exception {
        try (var postgres = LocalPostgres.start();
                var older = new Server(postgres.url(), "older").connect("beats");
                var seen = new Server(postgres.url(), "test").connect("sees");
                var beat = older.createStatement();
                var look = seen.createStatement()) {
            look.execute(Schema.DDL);
            look.execute("alter table task drop column claimed");
            look.execute("alter database postgres set deadlock_timeout to '5s'"); // who starts is to give way
            beat.execute("set deadlock_timeout to '1min'; set idle_in_transaction_session_timeout to 0");
            older.setAutoCommit(false);
            assertThat(is(beat, "task")).isFalse();

            var started = CompletableFuture.runAsync(() -> {
                try {
                    new Start(new Server(postgres.url(), "newer"), Duration.ZERO, Clock.system())
                            .prepare("newer", Optional.empty());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> is(
                    look,
                    "pg_stat_activity where application_name = 'shunt newer start' and wait_event_type = 'Lock'"));
            assertThat(is(beat, "node")).isFalse();
            older.commit();

            started.get(60, TimeUnit.SECONDS);
            assertThat(is(look, "pg_attribute where attrelid = 'task'::regclass and attname = 'claimed'"))
                    .isTrue();
        }
    }
}
