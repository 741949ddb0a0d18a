package dev.shunt.control;

import dev.shunt.stats.Stats;
import java.util.List;

/** Some of the connections. */
public record ConnectionPage(List<Info> connections, int page, int size, long total, Stats.Connections counts) {

    /** @param remote the other end */
    public record Info(long id, String remote, String listener) {}
}
