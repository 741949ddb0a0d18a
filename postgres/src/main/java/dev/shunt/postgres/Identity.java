package dev.shunt.postgres;

import dev.shunt.task.TaskQueue.Kind;
import java.util.List;

/** This node, as its threads know it. Its number changes when others took it for gone. Safe for use by any thread. */
final class Identity {

    private final String name;
    private final List<List<Kind>> groups;
    private final long ttlNanos;
    private volatile int number;

    Identity(String name, List<List<Kind>> groups, long ttlNanos) {
        this.name = name;
        this.groups = groups;
        this.ttlNanos = ttlNanos;
    }

    String name() {
        return name;
    }

    List<List<Kind>> groups() {
        return groups;
    }

    long ttlNanos() {
        return ttlNanos;
    }

    int number() {
        return number;
    }

    void number(int now) {
        number = now;
    }

    /** All types that it runs. */
    List<String> types() {
        return groups.stream().flatMap(List::stream).map(Kind::name).toList();
    }
}
