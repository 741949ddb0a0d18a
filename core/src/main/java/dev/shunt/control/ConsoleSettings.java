package dev.shunt.control;

import dev.shunt.check.Check;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the console is and who may do what there. Immutable: each method returns another one.
 *
 * @param host an address of this machine; one that others reach needs {@link #credentials}
 * @param actions that are allowed, of {@link #ACTIONS}
 * @param hosts names that a browser may ask for, beside the address itself and those of loopback
 * @param prefix under which a proxy shows it and which that does not take away, such as {@code /ops/shunt}; else empty
 */
public record ConsoleSettings(
        String host, int port, Optional<Credentials> login, Set<String> actions, Set<String> hosts, String prefix) {

    /** What can be allowed. */
    public static final Set<String> ACTIONS =
            Set.of("cancel", "discard", "drain", "edit", "pause", "reload", "rerun", "resize", "resume", "run", "stop");

    private static final int MAX_PORT = 65_535;

    /**
     * A name and where its password is.
     *
     * @param passwordFile read when the program starts; a line break at its end does not count
     */
    public record Credentials(String user, Path passwordFile) {

        public Credentials {
            if (Check.given("console user", user).isBlank()
                    || user.indexOf(':') >= 0
                    || user.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "console user '" + user + "'; give a name without ':' and control characters");
            }
            Check.path("console password file", passwordFile);
        }
    }

    public ConsoleSettings {
        Check.name("console", host);
        Check.given("login", login);
        Check.given("prefix", prefix);
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("console port " + port + "; give 1 to 65535, or 0 for any that is free");
        }
        actions = Set.copyOf(Check.all("allow", actions));
        hosts = Set.copyOf(Check.all("hosts", hosts));
    }

    /** Everything is allowed to whoever reaches it. */
    public ConsoleSettings(String host, int port) {
        this(host, port, Optional.empty(), ACTIONS, Set.of(), "");
    }

    /** Who may come, with HTTP's Basic authentication. */
    public ConsoleSettings credentials(String user, Path passwordFile) {
        return new ConsoleSettings(
                host, port, Optional.of(new Credentials(user, passwordFile)), actions, hosts, prefix);
    }

    /** Nothing can be told to the program here. */
    public ConsoleSettings readOnly() {
        return new ConsoleSettings(host, port, login, Set.of(), hosts, prefix);
    }

    /** These actions only. */
    public ConsoleSettings allow(String... names) {
        var wanted = Set.copyOf(Check.all("allow", names));
        if (!ACTIONS.containsAll(wanted)) {
            throw new IllegalArgumentException(
                    "console actions " + new TreeSet<>(wanted) + "; there are " + new TreeSet<>(ACTIONS));
        }
        return new ConsoleSettings(host, port, login, wanted, hosts, prefix);
    }

    /** Names without ports under which browsers ask for it, such as {@code ops.example.org} of a proxy. */
    public ConsoleSettings hosts(Collection<String> names) {
        var lower = Check.all("hosts", names).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return new ConsoleSettings(host, port, login, actions, Set.copyOf(lower), prefix);
    }

    /** Where a proxy shows it, if the proxy passes that on. */
    public ConsoleSettings prefix(String path) {
        if (!Check.given("prefix", path).isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "console prefix '" + path + "'; it begins with '/' and does not end with one, such as /ops/shunt");
        }
        return new ConsoleSettings(host, port, login, actions, hosts, path);
    }

    /** Throws {@link IllegalArgumentException} if strangers could reach it. */
    public ConsoleSettings checked() {
        if (login.isEmpty() && !isLoopback()) {
            throw new IllegalArgumentException(
                    "a console on " + host + " can be reached from other machines, and has no"
                            + " credentials: set them with console(host, port, console -> console.credentials(user,"
                            + " passwordFile)), or listen on 127.0.0.1");
        }
        return this;
    }

    private boolean isLoopback() {
        try {
            return !host.isBlank() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("console host '" + host + "' is no address of this machine", e);
        }
    }
}
