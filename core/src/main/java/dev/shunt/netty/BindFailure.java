package dev.shunt.netty;

import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Locale;

/** Says why an address cannot be listened on, and what to do about it. */
final class BindFailure {

    private BindFailure() {}

    static IOException explained(Endpoint endpoint, IOException cause) {
        return explained("cannot listen on " + endpoint + ": " + remedy(endpoint, cause));
    }

    static IOException explained(Path socketFile, IOException cause) {
        String remedy = cause instanceof FileAlreadyExistsException
                ? "the file exists; remove it if no process listens there"
                : message(cause)
                        + "; the directory must exist and be writable, the path no longer than about 100 bytes";
        return explained("cannot listen on " + socketFile + ": " + remedy);
    }

    private static String remedy(Endpoint endpoint, IOException cause) {
        return switch (endpoint.address()) {
            case Inet(var host, int port) -> remedy(host, port, cause);
            case Unix _ ->
                isTooLong(cause)
                        ? "the name is too long: with the directory that it is made in, no more than about 100 bytes"
                        : cause instanceof AccessDeniedException
                                ? "the directory cannot be written to"
                                : message(cause);
        };
    }

    private static boolean isTooLong(IOException cause) {
        return message(cause).contains("too long");
    }

    private static String remedy(String host, int port, IOException cause) {
        String message = message(cause).toLowerCase(Locale.ROOT);
        if (cause instanceof UnknownHostException) {
            return "the host name " + host + " cannot be resolved; write an address of this machine, or 0.0.0.0";
        }
        if (isInUse(cause)) {
            return "the port is in use; stop the program that has it (ss -ltnp 'sport = :" + port
                    + "' shows it) or choose another";
        }
        if (message.contains("assign requested address")) {
            return host + " is no address of this machine; write one that is, or 0.0.0.0 for all";
        }
        if (message.contains("permission denied")) {
            return "the system does not permit it; ports below 1024 are often for root, choose a higher one";
        }
        return message(cause);
    }

    private static boolean isInUse(IOException cause) {
        return message(cause).toLowerCase(Locale.ROOT).contains("address already in use");
    }

    private static String message(IOException cause) {
        return String.valueOf(cause.getMessage());
    }

    /** Without its cause: the message has all of it, and a stack of the event loop helps nobody. */
    private static IOException explained(String message) {
        return new BindException(message);
    }
}
