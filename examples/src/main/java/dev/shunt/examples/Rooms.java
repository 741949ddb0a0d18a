package dev.shunt.examples;

import dev.shunt.net.Connection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who is in which room, of the connections that this process handles. Safe for many threads. */
public final class Rooms {

    private final Map<String, Set<Connection>> rooms = new ConcurrentHashMap<>();

    public void enter(String room, Connection client) {
        rooms.compute(
                room,
                (_, there) -> {
                    var members = there == null ? ConcurrentHashMap.<Connection>newKeySet() : there;
                    members.add(client);
                    return members;
                });
    }

    /** Returns to how many it was sent. */
    public int tell(String room, Object text) {
        int sent = 0;
        for (var client : rooms.getOrDefault(room, Set.of())) {
            if (client.send(text)) {
                sent++;
            }
        }
        return sent;
    }

    public void leave(Connection client) {
        if (client.attachment() instanceof String room) {
            rooms.computeIfPresent(
                    room,
                    (_, there) -> {
                        there.remove(client);
                        return there.isEmpty() ? null : there;
                    });
        }
    }
}
