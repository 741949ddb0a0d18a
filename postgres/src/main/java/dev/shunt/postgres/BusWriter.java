package dev.shunt.postgres;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.postgres.BusLetters.Letter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Writes what is for other nodes, many messages in one transaction, on a thread and a connection of its own. What cannot be
 * written is dropped: nobody knows whether the database has it, and twice would be worse than not at all.
 */
final class BusWriter implements Runnable {

    private static final Logger LOG = Log.of(BusWriter.class);

    /** Above it a notification, of 8,000 bytes, has no room for it in base64. */
    private static final int MOST_INLINE = 5_000;

    private final BusLetters letters;
    private final Session session;
    private final int node;
    private final Backoff backoff;
    private final Consumer<@Nullable String> reached;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped;
    private volatile boolean stale;

    BusWriter(
            BusLetters letters,
            Session session,
            int node,
            Backoff backoff,
            AtomicLong dropped,
            Consumer<@Nullable String> reached) {
        this.letters = letters;
        this.session = session;
        this.node = node;
        this.backoff = backoff;
        this.dropped = dropped;
        this.reached = reached;
    }

    long sent() {
        return sent.get();
    }

    /** The database was away: its connection is of no use any more. */
    void reconnect() {
        stale = true;
    }

    @Override
    public void run() {
        for (var batch = letters.take(); !batch.isEmpty(); batch = letters.take()) {
            try {
                if (stale) {
                    stale = false;
                    session.drop();
                }
                write(session.open(), batch);
                sent.addAndGet(batch.size());
                letters.settled(batch);
            } catch (SQLException e) {
                failed(batch, e);
            } catch (RuntimeException | Error e) {
                FatalErrors.letOn(e);
                LOG.error("{} messages for other nodes are dropped", batch.size(), e);
                drop(batch);
                session.drop();
            }
        }
        session.close();
    }

    private void drop(List<Letter> batch) {
        dropped.addAndGet(batch.size());
        letters.settled(batch);
    }

    private void failed(List<Letter> batch, SQLException e) {
        drop(batch);
        if (!Server.isLost(e)) {
            session.rollback();
        }
        session.drop();
        reached.accept(Server.reason(e));
        while (!backoff.isClosed()) {
            dropped.addAndGet(letters.clear());
            backoff.await();
            try {
                session.open();
                backoff.worked();
                reached.accept(null);
                return;
            } catch (SQLException again) {
                LOG.debug("tried again", again);
            }
        }
    }

    private void write(Connection connection, List<Letter> batch) throws SQLException {
        var channels = new ArrayList<String>(batch.size());
        var payloads = new ArrayList<String>(batch.size());
        for (var letter : batch) {
            channels.add(letter.to() == BusLetters.ALL ? BusNotes.ALL : BusNotes.channel(letter.to()));
            payloads.add(BusNotes.text(node, letter.number(), content(connection, letter.body())));
        }
        try (var statement =
                connection.prepareStatement("select pg_notify(c, p) from unnest(?::text[], ?::text[]) as n(c, p)")) {
            statement.setArray(1, Columns.texts(connection, channels));
            statement.setArray(2, Columns.texts(connection, payloads));
            statement.execute();
        }
        connection.commit();
    }

    private static String content(Connection connection, byte[] body) throws SQLException {
        if (body.length <= MOST_INLINE) {
            return Base64.getEncoder().encodeToString(body);
        }
        try (var statement = connection.prepareStatement("insert into bus(body) values (?) returning id")) {
            statement.setBytes(1, body);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return BusNotes.ROW + rows.getLong(1);
            }
        }
    }
}
