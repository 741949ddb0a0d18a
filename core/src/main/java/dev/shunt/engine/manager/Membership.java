package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The groups that one connection has joined, whose it is, and the fields that are kept with it. Bounded; its monitor guards
 * it, held while {@link Memberships} changes both this and its own maps.
 */
final class Membership {

    private static final int MAX_GROUPS = 1_000;
    private static final int MAX_KEPT_BYTES = 64 << 10;

    private final SocketConnection connection;
    private final TreeSet<String> groups = new TreeSet<>();
    private Map<String, Data> kept = Map.of();
    private @Nullable String uid;
    private boolean over;

    Membership(SocketConnection connection) {
        this.connection = connection;
    }

    SocketConnection connection() {
        return connection;
    }

    /** The connection has closed. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    void join(String group) {
        if (groups.size() >= MAX_GROUPS && !groups.contains(group)) {
            throw new IllegalStateException(connection + " is in " + MAX_GROUPS
                    + " groups, and may be in no more; have it" + " leave one, or send to it by its id");
        }
        groups.add(group);
    }

    boolean leave(String group) {
        return groups.remove(group);
    }

    List<String> groups() {
        return List.copyOf(groups);
    }

    @Nullable String uid() {
        return uid;
    }

    void uid(@Nullable String of) {
        uid = of;
    }

    /** @param only whether what was kept before is forgotten */
    void keep(Map<String, Data> fields, boolean only) {
        var next = new TreeMap<String, Data>(only ? Map.of() : kept);
        next.putAll(fields);
        long bytes = next.entrySet().stream()
                .mapToLong(field -> field.getKey().length() + field.getValue().size())
                .sum();
        if (bytes > MAX_KEPT_BYTES) {
            throw new IllegalStateException("the session of " + connection + " would have " + bytes + " bytes; "
                    + MAX_KEPT_BYTES + " are allowed: keep more than that elsewhere, under the user's id");
        }
        kept = Map.copyOf(next);
    }

    Map<String, Data> kept() {
        return kept;
    }
}
