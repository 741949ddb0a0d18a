package dev.shunt.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.bus.Bus;
import dev.shunt.testkit.BusContract;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Messages between nodes, on real servers: the embedded one, and Debian's of version 15 as a user who may do little. */
@Tag("processes")
class PgBusTest {

    private static final Path DEBIANS = Path.of("/usr/lib/postgresql/15/bin");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    abstract static class OnServer extends BusContract {

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
        protected final Bus.Opener opener(String name) {
            return PgBus.at(url).name(name);
        }

        final LocalPostgres postgres() {
            return postgres;
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnEmbedded extends OnServer {

        @Override
        LocalPostgres server() throws IOException {
            return LocalPostgres.start();
        }

        private void sql(String sql) throws SQLException {
            try (var connection = DriverManager.getConnection(postgres().url());
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Test
        void whatDoesNotCome_isCounted() throws Exception {
            List<String> heard = new CopyOnWriteArrayList<>();
            try (var bus = opener("counting").open((_, message) -> heard.add(new String(message, UTF_8)))) {
                int from = bus.node() + 100;
                sql("notify shunt_bus, '" + BusNotes.text(from, 1, "YQ==") + "'; notify shunt_bus, 'of somebody else';"
                        + " notify shunt_bus, '" + BusNotes.text(from, 4, "ZA==") + "'; notify shunt_bus, '"
                        + BusNotes.text(from, 5, "#4711") + "'");
                await().atMost(PATIENCE).until(() -> bus.counts().gaps() == 3);
                assertThat(heard).containsExactly("a", "d");
                assertThat(bus.counts().received()).isEqualTo(2);
            }
        }

        @Test
        void connectionsThatAreCut_areMadeAgain() throws Exception {
            List<String> heard = new CopyOnWriteArrayList<>();
            try (var sender = opener("sender").open((_, _) -> {});
                    var hearer = opener("hearer").open((_, message) -> heard.add(new String(message, UTF_8)))) {
                sender.all("before".getBytes(UTF_8));
                await().atMost(PATIENCE).until(() -> heard.contains("before"));
                sql(
                        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shunt % bus%'");
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                    sender.all("after".getBytes(UTF_8));
                    return heard.contains("after");
                });
                long settled = sender.counts().sent() + sender.counts().dropped();
                assertThat(settled).isGreaterThan(1);
                await().atMost(PATIENCE)
                        .until(() -> hearer.counts().received()
                                        + hearer.counts().gaps()
                                == sender.counts().sent() + sender.counts().dropped());
            }
        }

        /** A node that is stopped and one that is new have no number in common, and leave no row behind. */
        @Test
        void rows_areThoseOfNodesThatLive_andOfWhatIsNew() throws Exception {
            int before;
            try (var bus = opener("leaving").open((_, _) -> {})) {
                before = bus.node();
                assertThat(bus.all(new byte[6_000])).isTrue();
                await().atMost(PATIENCE).until(() -> count("bus") > 0);
                sql("update shunt.bus set at = at - interval '1 min'");
                await().atMost(PATIENCE).until(() -> count("bus") == 0);
            }
            assertThat(count("bus_node where id = " + before)).isZero();
            try (var bus = opener("new").open((_, _) -> {})) {
                assertThat(bus.node()).isGreaterThan(before);
                int others = bus.counts().nodes();
                opener("leaves again").open((_, _) -> {}).close();
                assertThat(bus.counts().nodes()).isEqualTo(others);
            }
        }

        private int count(String table) throws SQLException {
            try (var connection = DriverManager.getConnection(postgres().url());
                    var rows = connection.createStatement().executeQuery("select count(*) from shunt." + table)) {
                rows.next();
                return rows.getInt(1);
            }
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

    @Test
    void whatCannotBeReached_isRefused_withTheRemedy_andWithoutSecrets() {
        assertThatThrownBy(
                        () -> PgBus.at("postgresql://u:secret@127.0.0.1:1/db").open((_, _) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("//127.0.0.1:1/db")
                .hasMessageContaining("waitUpTo")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> PgBus.at("mysql://x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:postgresql://");
    }
}
