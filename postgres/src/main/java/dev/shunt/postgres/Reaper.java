package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.task.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/**
 * Finds nodes that are gone, and gives what they had to the others. A node is gone if it has not said for its whole TTL that it
 * lives, and this one has said so for as long without a break: a database that was away does not make its nodes gone. Sooner, if
 * its session has ended while the server that heard it last has gone on.
 */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Reaper {

    private static final Logger LOG = Log.of(Reaper.class);

    /** In a row; a task that kills nodes must not kill them all. */
    static final int MOST_DEATHS = 5;

    /** Of node n. */
    static final String HAS_SESSION = """
            exists (select 1 from pg_locks where locktype = 'advisory' and classid = 7
              and objid::bigint = n.id and granted
              and database = (select oid from pg_database where datname = current_database()))""";

    private static final String GONE = """
            select id, name, beat < clock_timestamp() - ttl from node n where id <> ? and (
              (beat < clock_timestamp() - ttl and ? >= extract(epoch from ttl))
              or (beat < clock_timestamp() - interval '4 s' and server = pg_postmaster_start_time()
                and (? > 10 or beat > clock_timestamp() - ? * interval '1 s')
                and not
            """ + HAS_SESSION + "))";

    /** Steps from one node to the next in the index of leases, of which there may be many. */
    static final String ORPHANS = """
            with recursive leased as (
              (select node from task where state = 'l' order by node limit 1)
              union all
              select (select t.node from task t where t.state = 'l' and t.node > leased.node order by t.node limit 1)
              from leased where leased.node is not null)
            select exists (select 1 from leased where node is not null and node not in (select id from node))""";

    private record Node(int id, String name, boolean silent) {}

    private final Connection connection;
    private final int me;

    Reaper(Connection connection, int me) {
        this.connection = connection;
        this.me = me;
    }

    /**
     * @param sessionSeconds how long this connection has been open
     * @param unbrokenSeconds for how long this node has said without a break that it lives
     */
    void run(double sessionSeconds, double unbrokenSeconds) throws SQLException {
        if (find(sessionSeconds, unbrokenSeconds).isEmpty() && !hasOrphans()) {
            return;
        }
        connection.setAutoCommit(false);
        try {
            if (locked()) {
                var gone = find(sessionSeconds, unbrokenSeconds);
                forget(gone);
                rescue();
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private List<Node> find(double sessionSeconds, double unbrokenSeconds) throws SQLException {
        try (var statement = connection.prepareStatement(GONE)) {
            statement.setInt(1, me);
            statement.setDouble(2, unbrokenSeconds);
            statement.setDouble(3, sessionSeconds);
            statement.setDouble(4, sessionSeconds);
            var gone = new ArrayList<Node>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    gone.add(new Node(rows.getInt(1), rows.getString(2), rows.getBoolean(3)));
                }
            }
            return gone;
        }
    }

    /** Leases of a node that is not there: handed out as it was forgotten. */
    private boolean hasOrphans() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(ORPHANS)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private boolean locked() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select pg_try_advisory_xact_lock(8, 1)")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private void forget(List<Node> gone) throws SQLException {
        for (var node : gone) {
            try (var statement = connection.prepareStatement("""
                    with g as (delete from node where id = ? returning id, name)
                    insert into gone(node, name) select id, name from g on conflict do nothing""")) {
                statement.setInt(1, node.id());
                if (statement.executeUpdate() > 0) {
                    LOG.warn(
                            "node {} ({}) is gone: {}; what it had runs elsewhere",
                            node.id(),
                            node.name(),
                            node.silent() ? "it has not said that it lives" : "its session has ended");
                }
            }
        }
    }

    private void rescue() throws SQLException {
        var killers = new ArrayList<Long>();
        try (var statement = connection.prepareStatement("""
                select id from task where state = 'l' and node not in (select id from node)
                and deaths + case when begun or deaths = 0 then 1 else 0 end >= ? for update""")) {
            statement.setInt(1, MOST_DEATHS);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    killers.add(rows.getLong(1));
                }
            }
        }
        var signals = new Signals();
        int count;
        try (var statement = connection.createStatement()) {
            count = statement.executeUpdate("""
                    update task set state = 'r', node = null, begun = false,
                      deaths = deaths + case when begun or deaths = 0 then 1 else 0 end
                    where state = 'l' and node not in (select id from node)""");
        }
        if (!killers.isEmpty()) {
            var reason = MOST_DEATHS + " nodes in a row have died while they had it: it is not run again by itself";
            new Times(connection, signals).bury(killers, Outcome.LOST, reason);
            byte[] text = Bytes.of(Data.of(reason));
            new Gates(connection, signals).endWaiting(killers, Outcome.LOST.ordinal(), text);
            LOG.warn("{} tasks are dead letters: {}", killers.size(), reason);
        }
        if (count > killers.size()) {
            LOG.info("{} tasks of nodes that are gone run again", count - killers.size());
            signals.back();
        }
        signals.send(connection);
    }
}
