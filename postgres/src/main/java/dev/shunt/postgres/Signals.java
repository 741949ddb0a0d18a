package dev.shunt.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What other nodes are to be told with a transaction, once: {@code shunt_ready} that there is something to run, which may be at
 * a place that had been claimed ({@code back}), {@code shunt_n<node>} that results wait ({@code d}), a task is to end ({@code
 * c:id:fence}) or says how far it is ({@code p:id:…}).
 */
final class Signals {

    static final String READY = "shunt_ready";

    static final String BACK = "back";

    private final List<String> channels = new ArrayList<>();
    private final List<String> payloads = new ArrayList<>();
    private final Set<Integer> askers = new HashSet<>();
    private boolean ready;
    private boolean back;

    static String channel(int node) {
        return "shunt_n" + node;
    }

    void ready() {
        ready = true;
    }

    /** Tasks that were leased are ready again, at the places that they had. */
    void back() {
        ready = true;
        back = true;
    }

    boolean isReady() {
        return ready;
    }

    boolean isBack() {
        return back;
    }

    /** A result waits for the node that asked. */
    void done(int asker) {
        if (askers.add(asker)) {
            add(channel(asker), "d");
        }
    }

    boolean isDoneFor(int asker) {
        return askers.contains(asker);
    }

    void cancel(int node, long task, int fence) {
        add(channel(node), "c:" + task + ":" + fence);
    }

    void add(String channel, String payload) {
        channels.add(channel);
        payloads.add(payload);
    }

    void send(Connection connection) throws SQLException {
        if (ready) {
            add(READY, back ? BACK : "");
        }
        if (channels.isEmpty()) {
            return;
        }
        try (var statement =
                connection.prepareStatement("select pg_notify(c, p) from unnest(?::text[], ?::text[]) as n(c, p)")) {
            statement.setArray(1, Columns.texts(connection, channels));
            statement.setArray(2, Columns.texts(connection, payloads));
            statement.execute();
        }
    }
}
