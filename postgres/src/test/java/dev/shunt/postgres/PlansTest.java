package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs for each batch finds its rows by an index, with 100,000 tasks in the table and statistics of them. */
@Tag("processes")
class PlansTest {

    private static final int ROWS = 100_000;
    private static LocalPostgres postgres;
    private static Connection connection;

    @BeforeAll
    static void fill() throws IOException, SQLException {
        postgres = LocalPostgres.start();
        connection = DriverManager.getConnection(postgres.url());
        try (var statement = connection.createStatement()) {
            statement.execute(Schema.DDL);
            statement.execute("set search_path to shunt");
            statement.execute("insert into node(name, types, ttl, server) select 'n', '{}', interval '1 min', now()"
                    + " from generate_series(1, 4)");
            statement.execute("""
                    insert into task(id, state, prio, type, asker, node, fence, source, options, data, okey, holder, due)
                    select i, (array['r','l','w','k','d','j'])[1 + i % 6]::"char", i % 4, 'type ' || i % 5, 1 + i % 4,
                      1 + i % 4, 1, 0, '', repeat('x', 200)::bytea, case when i % 6 = 3 then 'key ' || i % 500 end,
                      case when i % 6 = 5 then i - 1 end, case when i % 6 = 2 then now() + i * interval '1 s' end
                    from generate_series(1, ROWS) as i""".replace("ROWS", Integer.toString(ROWS)));
            statement.execute("analyze task");
        }
    }

    @AfterAll
    static void end() throws SQLException, IOException {
        connection.close();
        postgres.close();
    }

    private static String plan(String sql, String... types) throws SQLException {
        var text = new StringJoiner("\n");
        try (var statement = connection.createStatement()) {
            var list = types.length == 0 ? "" : "(" + String.join(", ", types) + ")";
            statement.execute("prepare hot" + list + " as " + sql);
            statement.execute("set plan_cache_mode to force_generic_plan");
            var nulls = new StringJoiner(", ");
            for (var _ : types) {
                nulls.add("null");
            }
            try (var rows =
                    statement.executeQuery("explain execute hot" + (types.length == 0 ? "" : "(" + nulls + ")"))) {
                while (rows.next()) {
                    text.add(rows.getString(1));
                }
            } finally {
                statement.execute("deallocate hot");
            }
        }
        return text.toString();
    }

    /** As the driver numbers them. */
    private static String numbered(String sql) {
        var text = new StringBuilder();
        int number = 1;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            text.append(c == '?' ? "$" + number++ : String.valueOf(c));
        }
        return text.toString();
    }

    @Test
    void claim_walksTheIndexOfReadyTasks() throws SQLException {
        var plan = plan(numbered(Claims.CLAIM), "int[]", "bigint[]", "int[]", "int", "text[]", "int", "int");
        assertThat(plan).contains("task_ready").doesNotContain("Seq Scan on task");
    }

    static Stream<Arguments> hotStatements() {
        return Stream.of(
                arguments(Claimer.LEASED, "int"),
                arguments(Results.FETCH, "int,bigint,int"),
                arguments(Results.REMOVE, "bigint[]"),
                arguments(Beats.DONE_OF, "int"),
                arguments(Offers.HOLDER, "text"),
                arguments(Gates.NEXT, "text[]"),
                arguments(Gates.END_JOINED, "bigint[],int[],bytea[]"),
                arguments(Gates.FIRST_IN_LINE, "text[]"),
                arguments(Gates.PASSED, "text,timestamptz"),
                arguments(Line.LOOK, "text,bigint"),
                arguments(Times.NEXT_DUE, ""),
                arguments(Times.DUE, ""),
                arguments(Reaper.ORPHANS, ""));
    }

    @ParameterizedTest
    @MethodSource("hotStatements")
    void hotStatement_findsItsRowsByAnIndex(String sql, String types) throws SQLException {
        var plan = plan(numbered(sql), types.isEmpty() ? new String[0] : types.split(","));
        assertThat(plan).doesNotContain("Seq Scan on task");
    }

    /** An end is a join of a batch with the table; by the leases of its node each row would cost as much as all. */
    @Test
    void end_findsItsRowsByTheirIds() throws SQLException {
        assertThat(plan(numbered(Ends.DELETE), "bigint[]", "int[]", "int[]", "int"))
                .contains("task_pkey")
                .doesNotContain("Seq Scan on task", "task_leased");
        assertThat(plan(numbered(Ends.KEEP), "bigint[]", "int[]", "int[]", "int[]", "bytea[]", "int"))
                .contains("task_pkey")
                .doesNotContain("Seq Scan on task", "task_leased");
    }
}
