package dev.shunt.postgres;

import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What whoever runs the program can do about a database that cannot be used. */
final class Remedy {

    private Remedy() {}

    static String of(SQLException e) {
        var text = String.valueOf(e.getMessage());
        if (text.contains("does not support SSL")) {
            return "switch TLS on at the server, or leave sslmode out of the URL";
        } else if (text.contains("no pg_hba.conf entry")) {
            return text.contains("no encryption") || text.contains("SSL off")
                    ? "if the server wants TLS, add sslmode=require to the URL; else let this user in by its pg_hba.conf"
                    : "let this user in from this host by the server's pg_hba.conf";
        } else if (text.contains("Invalid sslmode value")) {
            return "give disable, allow, prefer, require, verify-ca or verify-full";
        } else if (text.contains("no password was provided")) {
            return "give the user's password in ~/.pgpass, or in the URL";
        } else if (unknownHost(e) != null) {
            return "correct the host in the URL, or let the program wait for it with waitUpTo(...)";
        }
        return byState(String.valueOf(e.getSQLState()));
    }

    private static String byState(String state) {
        return switch (state) {
            case "28P01" -> "give the user's right password in ~/.pgpass, or in the URL";
            case "28000" -> "create the user, or name another one with user=NAME in the URL";
            case "3D000" -> "create the database, or name another one in the URL";
            case "53300" -> "raise the server's max_connections: each node has three, and one now and then";
            default ->
                state.startsWith("08") || state.startsWith("57") || state.startsWith("53")
                        ? "see that it runs and may be reached from here, or let the program wait for it with waitUpTo(...)"
                        : "see that the URL is right, and what the server's log says";
        };
    }

    /** The name that no host has; null if that is not what is wrong. */
    private static @Nullable String unknownHost(SQLException e) {
        return e.getCause() instanceof UnknownHostException unknown ? String.valueOf(unknown.getMessage()) : null;
    }

    /** What the server or the network says, in one line. */
    static String reason(SQLException e) {
        var host = unknownHost(e);
        return host == null ? Server.reason(e) : "no host is called '" + host + "'";
    }
}
