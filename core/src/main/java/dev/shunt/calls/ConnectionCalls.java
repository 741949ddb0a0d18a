package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.question.OfConnections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What can be asked about all connections of the program, from any worker of any process. In a child each call waits for
 * the manager, for five seconds at most, and then throws {@link IllegalStateException}.
 */
public interface ConnectionCalls {

    /** So many {@link #connections()} asks for at once. */
    int PAGE = 1_000;

    /** For this package. */
    FaceState<?> state();

    /** All open connections in the order of their ids, which are fetched a thousand at a time while the stream is read. */
    default Stream<ConnectionInfo> connections() {
        return Stream.iterate(
                        connections(0, PAGE),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE
                                ? List.<ConnectionInfo>of()
                                : connections(page.getLast().id(), PAGE))
                .flatMap(List::stream);
    }

    /** Open connections in the order of their ids, from the first id above {@code afterId} on; 0 for all. */
    default List<ConnectionInfo> connections(long afterId, int limit) {
        return state().engine()
                .ask(new OfConnections.Page(afterId, Check.count("connections", limit, 1, "a page has at least one")));
    }

    /** What the manager knows of an open connection; nothing if there is none of that id. */
    default Optional<ConnectionInfo> info(long connectionId) {
        return state().engine().ask(new OfConnections.Info(connectionId));
    }

    /** Whether there is an open connection of that id, which is not being closed either. */
    default boolean isOpen(long connectionId) {
        return state().engine().ask(new OfConnections.IsOpen(connectionId));
    }

    /** Cuts a connection at once, whatever waits to be sent; {@code onClose} comes. False if there is none of that id. */
    default boolean abort(long connectionId) {
        return state().engine().ask(new OfConnections.Abort(connectionId));
    }
}
