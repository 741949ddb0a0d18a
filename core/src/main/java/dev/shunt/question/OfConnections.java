package dev.shunt.question;

import dev.shunt.net.ConnectionInfo;
import java.util.List;
import java.util.Optional;

/** About connections that the program has accepted. */
public sealed interface OfConnections<R> extends Question<R> {

    /** In the order of their ids, from the first above {@code afterId} on. */
    record Page(long afterId, int limit) implements OfConnections<List<ConnectionInfo>> {}

    /** Nothing if none of that id is open. */
    record Info(long id) implements OfConnections<Optional<ConnectionInfo>> {}

    record IsOpen(long id) implements OfConnections<Boolean> {}

    /** Cuts it, whatever waits; false if none of that id is open. */
    record Abort(long id) implements OfConnections<Boolean> {}
}
