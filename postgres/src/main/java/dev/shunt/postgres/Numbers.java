package dev.shunt.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Numbers that nobody else gets, in blocks of a sequence. */
final class Numbers {

    private Numbers() {}

    /** The first of so many in a row. */
    static long reserve(Connection connection, int count, int block) throws SQLException {
        int blocks = (count + block - 1) / block;
        try (var statement = connection.prepareStatement("""
                select min(n), max(n) from (select nextval('shunt.number_seq') as n from generate_series(1, ?)) as s""")) {
            while (true) {
                statement.setInt(1, blocks);
                try (var rows = statement.executeQuery()) {
                    rows.next();
                    long first = rows.getLong(1);
                    if (rows.getLong(2) - first == (long) (blocks - 1) * block) { // else another came between
                        return first;
                    }
                }
            }
        }
    }
}
