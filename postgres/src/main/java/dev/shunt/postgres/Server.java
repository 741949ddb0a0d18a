package dev.shunt.postgres;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Pattern;

/** Where the database is. Says its host and its name, never what is secret in its URL. */
final class Server {

    /** Of a node that was stopped in the middle of a transaction. */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private static final String READ_ONLY = "25006";

    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern HOST = Pattern.compile("([^:\\[\\]]*|\\[[^]]*])(:\\d{1,5})?");

    private static final int LOGIN_SECONDS = 10;

    private final String url;
    private final String name;
    private final String shown;

    /** @param name of the node, as the database lists its sessions */
    Server(String given, String name) {
        this.url = jdbc(given);
        this.name = name;
        this.shown = shown(url);
    }

    /** Also in the way of the database's own programs, {@code postgresql://user:password@host:port/name}. */
    private static String jdbc(String given) {
        if (given.startsWith(PREFIX)) {
            return withHosts(given);
        }
        if (!given.startsWith("postgresql://") && !given.startsWith("postgres://")) {
            throw new IllegalArgumentException(
                    "a database's URL begins with jdbc:postgresql:// or postgresql://, and this one with '"
                            + given.replaceAll("[:/@?].*", "") + "'");
        }
        var uri = uri(given);
        var query = new StringBuilder(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        var authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@'); // of several hosts java.net.URI knows no user
        if (at >= 0) {
            var user = authority.substring(0, at);
            int colon = user.indexOf(':');
            query.append(query.isEmpty() ? "" : "&")
                    .append("user=")
                    .append(colon < 0 ? user : user.substring(0, colon));
            if (colon >= 0) {
                query.append("&password=").append(user.substring(colon + 1));
            }
        }
        return withHosts(
                PREFIX + "//" + authority.substring(at + 1) + uri.getRawPath() + (query.isEmpty() ? "" : "?" + query));
    }

    /** The driver logs what it takes for a host or a port, which may be a password. */
    private static String withHosts(String given) {
        var rest = given.substring(PREFIX.length());
        if (!rest.startsWith("//")) {
            return given; // the name of a database alone
        }
        var hosts = rest.substring(2).replaceAll("[/?].*", "");
        if (rest.replaceAll("\\?.*", "").contains("@")) {
            throw new IllegalArgumentException(
                    "a JDBC URL has no user before its host; write"
                            + " jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=…, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
        }
        for (String host : hosts.split(",", -1)) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "a task queue's URL has a host whose port is no number from 1 to 65535;"
                                + " write jdbc:postgresql://HOST:PORT/DATABASE");
            }
        }
        return given;
    }

    @SuppressWarnings("UnusedException") // it says the whole URL
    private static URI uri(String given) {
        try {
            return new URI(given);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a database's URL cannot be read: " + e.getReason() + " at index "
                    + e.getIndex() + "; in a user or a password it is written as %20 or the like");
        }
    }

    private static String shown(String url) {
        var rest = url.substring(PREFIX.length()).replaceAll("\\?.*", "");
        return rest.replaceAll(".*@", "//");
    }

    /** A session of its own. */
    Connection connect(String part) throws SQLException {
        return connect(part, LOGIN_SECONDS);
    }

    Connection connect(String part, int loginSeconds) throws SQLException {
        var properties = new Properties();
        properties.setProperty("ApplicationName", ("shunt " + name + " " + part));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", Integer.toString(loginSeconds));
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("hostRecheckSeconds", "1"); // a standby may be the primary by now
        var connection = connect(properties);
        try (var statement = connection.createStatement()) {
            statement.execute("set search_path to shunt; set lock_timeout to '15s';"
                    // a node that is stopped in the middle of one keeps its locks no longer, and others rescue its
                    // tasks
                    + " set idle_in_transaction_session_timeout to '5s'");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** What cannot be read, or is no driver's, is said without what is secret in it. */
    @SuppressWarnings("UnusedException") // it says the whole URL
    private Connection connect(Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            var text = String.valueOf(e.getMessage());
            if (text.contains(url)) {
                throw new SQLException(text.replace(url, PREFIX + shown), e.getSQLState());
            }
            throw e;
        }
    }

    IOException failed(String what, SQLException e) {
        return new IOException(what + " " + this + ": " + reason(e), e);
    }

    /** What the server or the network says, in one line. */
    static String reason(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    /** Whether another connection may have more luck. */
    static boolean isLost(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("08")
                || state.startsWith("57")
                || state.startsWith("53")
                || state.equals(READ_ONLY)
                || state.equals(IDLE_IN_TRANSACTION);
    }

    /** Whether the same may work again. */
    static boolean isConflict(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("40") || state.equals("55P03");
    }

    @Override
    public String toString() {
        return "the database " + shown;
    }
}
