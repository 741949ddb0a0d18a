package dev.shunt.control;

import dev.shunt.net.ConnectionInfo;
import dev.shunt.stats.Stats;
import java.util.List;

/** Some of the connections. */
public record ConnectionPage(
        List<ConnectionInfo> connections, int page, int size, long total, Stats.Connections counts) {}
