package dev.shunt.control;

import dev.shunt.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what on one address, and which pages it has beside the API.
 *
 * @param prefix what a path begins with here that is not the API's
 * @param actions that are allowed
 * @param probes whether there is nothing but metrics and health
 */
public record Access(
        CrossOrigin origins,
        String prefix,
        Optional<Login> login,
        Set<String> actions,
        Optional<Pages> pages,
        boolean probes) {

    static final String METRICS = "/metrics";
    static final String HEALTH = "/health/";

    private static final int FORBIDDEN = 403;

    /** For collectors and probes, which ask by whatever name or address they know; nothing can be told there. */
    public static final Access OF_PROBES =
            new Access(CrossOrigin.OF_SOCKET, "", Optional.empty(), Set.of(), Optional.empty(), true);

    /** Whoever comes to it may do everything. */
    public static final Access OF_OWNER =
            new Access(CrossOrigin.OF_SOCKET, "", Optional.empty(), ConsoleSettings.ACTIONS, Optional.empty(), false);

    /** @throws IOException if its host is no address */
    @SuppressWarnings("exports") // made by the engine
    public static Access of(ConsoleSettings console, Optional<Login> login, Pages pages) throws IOException {
        return new Access(
                new CrossOrigin(names(console)), console.prefix(), login, console.actions(), Optional.of(pages), false);
    }

    /** What a browser may call it: by its address, or by this machine's if it is all of them. */
    private static Set<String> names(ConsoleSettings console) throws IOException {
        var names = new HashSet<>(console.hosts());
        names.addAll(CrossOrigin.LOOPBACK);
        names.add(console.host().toLowerCase(Locale.ROOT));
        var address = InetAddress.getByName(console.host());
        names.add(name(address));
        if (!address.isLoopbackAddress()) {
            ownName().ifPresent(names::add);
        }
        if (address.isAnyLocalAddress()) {
            for (var network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                network.inetAddresses().forEach(own -> names.add(name(own)));
            }
        }
        return names;
    }

    /** This machine's; some have none that leads to an address. */
    private static Optional<String> ownName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** As a URL has it. */
    private static String name(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return text.indexOf(':') < 0 ? text : '[' + text + ']';
    }

    String path(Request request) {
        String path = Request.rawPath(request.uri());
        return !prefix.isEmpty() && path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    }

    /**
     * Why it is refused, if it is.
     *
     * @param actionsOf what is done at a path, any of which is enough; nothing if it is only looked at
     */
    Optional<ControlException> problem(Request request, String path, Function<String, Set<String>> actionsOf) {
        if (probes) {
            return path.equals(METRICS) || path.startsWith(HEALTH)
                    ? Optional.empty()
                    : Optional.of(ControlException.notFound("there is no " + path + "; here are " + METRICS + ", "
                            + HEALTH + "live and " + HEALTH + "ready alone"));
        }
        return origins.problem(request)
                .or(() -> login.flatMap(known -> known.problem(request)))
                .or(() -> notAllowed(actionsOf.apply(path)));
    }

    Optional<ControlException> notAllowed(Set<String> done) {
        return done.isEmpty() || done.stream().anyMatch(actions::contains)
                ? Optional.empty()
                : Optional.of(new ControlException(
                        FORBIDDEN,
                        String.join(" or ", new TreeSet<>(done)) + " is not allowed here, "
                                + (actions.isEmpty()
                                        ? "where one may only read"
                                        : "but " + String.join(", ", new TreeSet<>(actions)))));
    }

    /** Who asks, where that is known better than by what a header says. */
    Optional<String> user() {
        return login.map(Login::user);
    }

    /** For a page that shows what its user may do. */
    Map<String, Object> shown() {
        return Map.of("read_only", actions.isEmpty(), "actions", new TreeSet<>(actions));
    }

    Pages.@Nullable Page page(Request request, String path) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return pages.isEmpty() || !reads || !path.startsWith("/")
                ? null
                : pages.get().page(path.substring(1)).orElse(null);
    }
}
