package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id, fence from task where state = 'l' and node = ?|int",
                "select id, type, outcome, result, options, source from task where asker = ? and state = 'd'"
                        + " and pos >= ? order by pos limit ?|int,bigint,int",
                "select id from task where asker = ? and state = 'd' order by pos limit 500|int",
                "select id from task where ukey = ? for update|text",
                "select id from task where okey = ? and state = 'k' order by pos limit 1|text",
                "update task set state = 'd' where holder = ? and state = 'j'|bigint",
                "select min(due) from task where state = 'w'|",
                "delete from task where id = any(?) and state = 'd'|bigint[]"
            })
    void hotStatement_findsItsRowsByAnIndex(String given) throws SQLException {
        var parts = given.split("\\|", -1);
        var plan = plan(numbered(parts[0]), parts[1].isEmpty() ? new String[0] : parts[1].split(","));
        assertThat(plan).doesNotContain("Seq Scan on task");
    }

    /** An end is a join of a batch with the table. */
    @Test
    void end_findsItsRowsByTheirIds() throws SQLException {
        var sql = "delete from task using unnest(?::bigint[], ?::int[], ?::int[]) as e(id, node, fence)" + Ends.LEASES
                + " and task.asker = any(array[0, ?]) returning task.id";
        assertThat(plan(numbered(sql), "bigint[]", "int[]", "int[]", "int"))
                .contains("task_pkey")
                .doesNotContain("Seq Scan on task");
    }
}
