package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.SharedMessage;
import dev.shunt.engine.SocketConnection;
import dev.shunt.log.Log;
import dev.shunt.question.Audience;
import dev.shunt.question.OfMembers;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Who of the open connections belongs together, and to whom: outlives the children that handle them, and ends with each
 * connection. Safe for use by any thread. What is sent to many is encoded once, and who has no room for it goes without.
 */
final class Memberships {

    private static final Logger LOG = Log.of(Memberships.class);

    private final Connections connections;
    private final Map<Long, Membership> byConnection = new ConcurrentHashMap<>();
    private final Named groups = new Named();
    private final Named users = new Named();
    private final LongAdder refused = new LongAdder();

    Memberships(Connections connections) {
        this.connections = connections;
    }

    /** Connections by a name that several may have; a name without any is forgotten. */
    private static final class Named {

        private final Map<String, Map<Long, SocketConnection>> byName = new ConcurrentHashMap<>();

        void add(String name, SocketConnection connection) {
            byName.compute(name, (_, before) -> {
                var members = before == null ? new ConcurrentHashMap<Long, SocketConnection>() : before;
                members.put(connection.id(), connection);
                return members;
            });
        }

        void remove(String name, long id) {
            byName.computeIfPresent(name, (_, members) -> {
                members.remove(id);
                return members.isEmpty() ? null : members;
            });
        }

        Collection<SocketConnection> of(String name) {
            return byName.getOrDefault(name, Map.of()).values();
        }

        /** In their order, from the first after this one on. */
        Stream<Map.Entry<String, Map<Long, SocketConnection>>> after(String name) {
            return byName.entrySet().stream()
                    .filter(entry -> entry.getKey().compareTo(name) > 0)
                    .sorted(Map.Entry.comparingByKey());
        }

        int size() {
            return byName.size();
        }
    }

    /** It belongs to nobody any more. */
    void closed(long id) {
        var membership = byConnection.remove(id);
        if (membership == null) {
            return;
        }
        synchronized (membership) {
            membership.end();
            membership.groups().forEach(group -> groups.remove(group, id));
            String uid = membership.uid();
            if (uid != null) {
                users.remove(uid, id);
            }
        }
    }

    /** Messages to many that a connection had no room for. */
    long refused() {
        return refused.sum();
    }

    String uidOf(long id) {
        var membership = byConnection.get(id);
        if (membership == null) {
            return "";
        }
        synchronized (membership) {
            return Objects.requireNonNullElse(membership.uid(), "");
        }
    }

    List<String> groupsOf(long id) {
        var membership = byConnection.get(id);
        if (membership == null) {
            return List.of();
        }
        synchronized (membership) {
            return membership.groups();
        }
    }

    Object answer(OfMembers<?> question) {
        return switch (question) {
            case OfMembers.Join(long id, String group) ->
                change(id, true, membership -> {
                    membership.join(group);
                    groups.add(group, membership.connection());
                    return true;
                });
            case OfMembers.Leave(long id, String group) ->
                change(id, false, membership -> {
                    groups.remove(group, id);
                    return membership.leave(group);
                });
            case OfMembers.Ungroup(String group) -> ungroup(group);
            case OfMembers.Bind(long id, String uid) ->
                change(id, true, membership -> {
                    bind(membership, uid);
                    return true;
                });
            case OfMembers.Unbind(long id, String uid) ->
                change(id, false, membership -> {
                    boolean is = uid.equals(membership.uid());
                    if (is) {
                        bind(membership, null);
                    }
                    return is;
                });
            case OfMembers.Send(var to, var message, var except) -> send(to, message, except);
            case OfMembers.Ids(var of) ->
                of(of).map(SocketConnection::id).sorted().toList();
            case OfMembers.Count(var of) -> (int) of(of).count();
            case OfMembers.UidOf(long id) -> Optional.of(uidOf(id)).filter(uid -> !uid.isEmpty());
            case OfMembers.Uids(String after, int limit) ->
                users.after(after).limit(limit).map(Map.Entry::getKey).toList();
            case OfMembers.UidsIn(String group) -> uidsIn(group);
            case OfMembers.UidCount() -> users.size();
            case OfMembers.Groups(String after, int limit) -> sizes(after, limit);
            case OfMembers.Keep(long id, var fields, boolean only) ->
                change(id, true, membership -> {
                    membership.keep(fields, only);
                    return true;
                });
            case OfMembers.Kept(long id) -> kept(id);
        };
    }

    /** @param makes whether it may be the first that is known of the connection */
    private boolean change(long id, boolean makes, Predicate<Membership> change) {
        var connection = connections.get(id);
        if (connection == null) {
            return false;
        }
        var membership =
                makes ? byConnection.computeIfAbsent(id, _ -> new Membership(connection)) : byConnection.get(id);
        if (membership == null) {
            return false;
        }
        boolean changed;
        synchronized (membership) {
            changed = !membership.isOver() && change.test(membership);
        }
        if (connections.get(id) == null) { // it has closed meanwhile, and nobody else ends what was made after that
            closed(id);
            return false;
        }
        return changed;
    }

    private void bind(Membership membership, @Nullable String uid) {
        long id = membership.connection().id();
        String before = membership.uid();
        if (before != null) {
            users.remove(before, id);
        }
        membership.uid(uid);
        if (uid != null) {
            users.add(uid, membership.connection());
        }
    }

    private int ungroup(String group) {
        return (int) groups.of(group).stream()
                .filter(member -> change(member.id(), false, membership -> {
                    groups.remove(group, member.id());
                    return membership.leave(group);
                }))
                .count();
    }

    private Stream<SocketConnection> of(Audience audience) {
        var members = switch (audience) {
            case Audience.All() -> connections.all();
            case Audience.Group(String name) -> groups.of(name);
            case Audience.User(String uid) -> users.of(uid);
        };
        return members.stream().filter(SocketConnection::takesMessages);
    }

    private int send(Audience to, Data message, List<Long> except) {
        var shared = new SharedMessage(message);
        var left = new HashSet<>(except);
        var those = of(to).filter(connection -> !left.contains(connection.id())).toList();
        those.forEach(connection -> connection.prepare(shared)); // what cannot be encoded is sent to nobody
        int sent = 0;
        for (var connection : those) {
            if (connection.send(shared)) {
                sent++;
            } else {
                refused.increment();
                LOG.debug("{} has no room for a message to many", connection);
            }
        }
        return sent;
    }

    private List<String> uidsIn(String group) {
        return groups.of(group).stream()
                .map(member -> uidOf(member.id()))
                .filter(uid -> !uid.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    private Map<String, Integer> sizes(String after, int limit) {
        var sizes = new LinkedHashMap<String, Integer>();
        groups.after(after)
                .limit(limit)
                .forEach(group -> sizes.put(group.getKey(), group.getValue().size()));
        return sizes;
    }

    private Optional<Map<String, Data>> kept(long id) {
        if (connections.get(id) == null) {
            return Optional.empty();
        }
        var membership = byConnection.get(id);
        if (membership == null) {
            return Optional.of(Map.of());
        }
        synchronized (membership) {
            return Optional.of(membership.kept());
        }
    }
}
