package dev.shunt.control;

import dev.shunt.net.ConnectionInfo;
import dev.shunt.stats.Stats;
import java.util.List;

/**
 * Some of the connections.
 *
 * @param groups that those which match are in, the largest first, at most 100
 */
public record ConnectionPage(
        List<ConnectionInfo> connections,
        int page,
        int size,
        long total,
        Stats.Connections counts,
        List<Group> groups) {

    /** A group that connections have joined, with how many are in it of those that match. */
    public record Group(String name, long connections) {}
}
