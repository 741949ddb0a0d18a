package dev.shunt.postgres;

import dev.shunt.bus.Bus;
import dev.shunt.check.Check;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages between nodes by {@code NOTIFY} in PostgreSQL 15 or newer: {@code server.set(s -> s.bus(PgBus.at(url)))} on
 * each. A {@link PostgresTaskQueue} brings one along. What is too long for a notification is a row of an unlogged table for 30
 * seconds. Immutable: each method with a value returns another one.
 */
public final class PgBus implements Bus.Opener {

    private final String url;
    private final @Nullable String name;
    private final Duration patience;

    private PgBus(String url, @Nullable String name, Duration patience) {
        this.url = url;
        this.name = name;
        this.patience = patience;
    }

    /**
     * The bus in this database, whose tables are those of {@link PostgresTaskQueue#schema()}, made if they are missing.
     *
     * @param url as of {@link PostgresTaskQueue#at}
     */
    public static PgBus at(String url) {
        Check.given("url", url);
        var _ = new Server(url, "");
        return new PgBus(url, null, Duration.ZERO);
    }

    /** The node's name, as the table {@code bus_node} lists it. Default: the host's name and the program's. */
    public PgBus name(String value) {
        return new PgBus(url, Check.given("name", value), patience);
    }

    /** How long to wait at the start for a database that is not reached. Default: not at all. */
    public PgBus waitUpTo(Duration value) {
        return new PgBus(url, name, Check.notNegative("waitUpTo", value));
    }

    @Override
    public Bus open(Bus.Listener listener) throws IOException {
        var node = name == null ? PostgresTaskQueue.defaultName() : name;
        var server = new Server(url, node);
        try {
            new Start(server, patience, Clock.system()).prepare(node, Optional.empty());
            return BusNode.open(server, node, listener, Clock.system());
        } catch (SQLException e) {
            throw new IOException(
                    "cannot reach other nodes by " + server + ": " + Remedy.reason(e) + "; " + Remedy.of(e), e);
        }
    }

    /** Says nothing that is secret. */
    @Override
    public String toString() {
        return "a bus in " + new Server(url, "");
    }
}
