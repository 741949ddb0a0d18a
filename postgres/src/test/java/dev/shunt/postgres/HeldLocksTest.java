package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is stopped in the middle of a transaction does not keep others from what it had. */
@Tag("processes")
class HeldLocksTest {

    @Test
    void transactionThatGoesOnNoMore_losesItsLocks() throws Exception {
        try (var postgres = LocalPostgres.start();
                var stopped = new Server(postgres.url(), "stopped").connect("writes");
                var other = new Server(postgres.url(), "other").connect("beats");
                var held = stopped.createStatement();
                var rescue = other.createStatement()) {
            rescue.execute("create table public.had(id int); insert into public.had values (1)");
            stopped.setAutoCommit(false);
            held.execute("update public.had set id = 2");
            assertThat(rescue.executeUpdate("update public.had set id = 3")).isOne();
            assertThatThrownBy(stopped::commit)
                    .as("what it was about to write is written by another connection")
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(Server.isLost(e)).isTrue());
        }
    }
}
