package dev.shunt.netty;

import dev.shunt.net.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
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
        String message = message(cause).toLowerCase(Locale.ROOT);
        if (cause instanceof UnknownHostException) {
            return "the host name " + endpoint.host()
                    + " cannot be resolved; write an address of this machine, or 0.0.0.0";
        }
        if (isInUse(cause)) {
            return "the port is in use; stop the program that has it (ss -ltnp 'sport = :" + endpoint.port()
                    + "' shows it) or choose another";
        }
        if (message.contains("assign requested address")) {
            return endpoint.host() + " is no address of this machine; write one that is, or 0.0.0.0 for all";
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
