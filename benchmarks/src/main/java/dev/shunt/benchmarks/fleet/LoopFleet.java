package dev.shunt.benchmarks.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** What one writes in an afternoon: each slot takes a row with {@code for update skip locked}, and deletes it, in one commit. */
final class LoopFleet implements Fleet {

    private final DataSource database;
    private final List<Thread> slots = new ArrayList<>();
    private volatile boolean closed;
    private volatile Runnable over = () -> {};

    LoopFleet(DataSource database, int nodes) throws SQLException {
        this.database = database;
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists work(id bigserial primary key, data text not null); truncate work");
        }
        for (int i = 0; i < nodes * 4; i++) {
            slots.add(Thread.ofPlatform().daemon().start(this::slot));
        }
    }

    private void slot() {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (!closed) {
                if (take(connection)) {
                    over.run();
                } else {
                    LockSupport.parkNanos(5_000_000);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a slot of the loop has ended", e);
        }
    }

    private static boolean take(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(
                "delete from work where id = (select id from work order by id" + " limit 1 for update skip locked)")) {
            int count = statement.executeUpdate();
            connection.commit();
            return count > 0;
        }
    }

    @Override
    public void submit(List<String> payloads, Runnable done) throws SQLException {
        over = done;
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            for (int from = 0; from < payloads.size(); from += 500) {
                try (var statement = connection.prepareStatement("insert into work(data) select unnest(?::text[])")) {
                    var batch = payloads.subList(from, Math.min(payloads.size(), from + 500));
                    statement.setArray(1, connection.createArrayOf("text", batch.toArray()));
                    statement.executeUpdate();
                }
                connection.commit();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (var slot : slots) {
                slot.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the rest end by themselves
        }
    }
}
