package dev.shunt.postgres;

import dev.shunt.bus.Bus;
import dev.shunt.check.Check;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shares durable tasks between nodes, in PostgreSQL 15 or newer: {@code server.set(s -> s.taskQueue(PostgresTaskQueue.at(url)))} on
 * each. {@link dev.shunt.task.Durability#DISK} commits without waiting for the disk, {@link dev.shunt.task.Durability#SYNC} when the
 * disk has it, and the synchronous standby if there is one. Immutable: each method with a value returns another one.
 */
public final class PostgresTaskQueue implements TaskQueue.Opener {

    /** How long a node that says nothing is waited for. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

    private static final Duration LEAST_TTL = Duration.ofSeconds(10);

    private final String url;
    private final @Nullable String name;
    private final Duration ttl;
    private final Duration patience;
    private final Optional<TaskLog.Opener> old;
    private final Submissions submissions;
    private final boolean withBus;

    private PostgresTaskQueue(
            String url,
            @Nullable String name,
            Duration ttl,
            Duration patience,
            Optional<TaskLog.Opener> old,
            Submissions submissions,
            boolean withBus) {
        this.url = url;
        this.name = name;
        this.ttl = ttl;
        this.patience = patience;
        this.old = old;
        this.submissions = submissions;
        this.withBus = withBus;
    }

    /**
     * The queue in this database, in the schema {@code shunt}, which is made if it is missing.
     *
     * @param url {@code jdbc:postgresql://host:port/database?user=…}, with all that the driver knows of TLS and of several hosts, or
     *     {@code postgresql://user:password@host:port/database}
     */
    public static PostgresTaskQueue at(String url) {
        Check.given("url", url);
        var _ = new Server(url, "");
        return new PostgresTaskQueue(url, null, DEFAULT_TTL, Duration.ZERO, Optional.empty(), new Submissions(), true);
    }

    /** What makes the tables, for a database in which the program may not: run it once, as somebody who may. */
    public static String schema() {
        return Schema.DDL;
    }

    /**
     * The node's name: results of what a node has asked for go, when it is gone, to one of its name, if one comes within ten
     * seconds. Default: the host's name and the program's.
     */
    public PostgresTaskQueue name(String value) {
        return new PostgresTaskQueue(url, Check.name("name", value), ttl, patience, old, submissions, withBus);
    }

    /**
     * How long a node that says nothing is waited for until others take over what it runs; for as long what it runs may go on
     * when it cannot reach the database. At least ten seconds, default a minute. A node whose process is gone is not waited for.
     */
    public PostgresTaskQueue ttl(Duration value) {
        if (Check.positive("ttl", value, "without, it is a minute").compareTo(LEAST_TTL) < 0) {
            throw new IllegalArgumentException("ttl " + value
                    + " is too short, a pause of the machine would be taken for its end; give at least 10 s");
        }
        return new PostgresTaskQueue(url, name, value, patience, old, submissions, withBus);
    }

    /** How long to wait at the start for a database that is not reached. Default: not at all. */
    public PostgresTaskQueue waitUpTo(Duration value) {
        return new PostgresTaskQueue(url, name, ttl, Check.notNegative("waitUpTo", value), old, submissions, withBus);
    }

    /** Moves tasks and dead letters of a log in at the start, such as {@code SqliteTaskLog.at(file)}; as often as you like. */
    public PostgresTaskQueue takeFrom(TaskLog.Opener log) {
        return new PostgresTaskQueue(
                url, name, ttl, patience, Optional.of(Check.given("takeFrom", log)), submissions, withBus);
    }

    /**
     * Submits a task in a transaction of the program's own: it is accepted if and only if that commits. Its result goes to {@code
     * onFinish} of the node that runs it. Commits nothing, and leaves the connection's settings as they are.
     *
     * @param task bytes, text, or an object for the codec, whose class is its type
     * @return the task's id
     * @throws SQLException what the database says
     * @throws IllegalArgumentException if it cannot be encoded, is for one slot, or its unique key is held
     */
    public long submitIn(Connection connection, @Nullable Object task, TaskOptions options) throws SQLException {
        return submissions.submit(connection, task, options);
    }

    /** A queue alone: what is sent to connections and published stays on each node, unless the program names a bus. */
    public PostgresTaskQueue withoutBus() {
        return new PostgresTaskQueue(url, name, ttl, patience, old, submissions, false);
    }

    /** {@link PgBus} in the same database. */
    @Override
    public Optional<Bus.Opener> bus() {
        return withBus ? Optional.of(PgBus.at(url).name(name == null ? defaultName() : name)) : Optional.empty();
    }

    @Override
    public TaskQueue open(TaskQueue.Self program, TaskQueue.Listener listener) throws IOException {
        var node = new Identity(name == null ? defaultName() : name, program.groups(), Nanos.of(ttl));
        var server = new Server(url, node.name());
        submissions.types(node.types());
        try {
            var start = new Start(server, patience, Clock.system());
            start.prepare(node.name(), old);
            return Node.open(server, node, listener, Clock.system());
        } catch (SQLException e) {
            throw Start.cannotBeOpened(server, e);
        }
    }

    static String defaultName() {
        String command = System.getProperty("sun.java.command", "");
        String program =
                command.isEmpty() ? ManagementFactory.getRuntimeMXBean().getName() : command.split(" ", 2)[0];
        try {
            return InetAddress.getLocalHost().getHostName() + " " + program;
        } catch (UnknownHostException e) {
            return program;
        }
    }

    /** Says nothing that is secret. */
    @Override
    public String toString() {
        return "a task queue in " + new Server(url, "");
    }
}
