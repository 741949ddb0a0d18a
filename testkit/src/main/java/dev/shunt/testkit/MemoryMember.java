package dev.shunt.testkit;

import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskQueue.Kind;
import dev.shunt.task.TaskQueue.Listener;
import dev.shunt.task.TaskQueue.Load;
import dev.shunt.task.TaskQueue.NodeInfo;
import dev.shunt.task.TaskQueue.Self;
import java.util.List;
import java.util.Optional;

/** A node that has a {@link MemoryTaskQueue} open. Under the queue's lock. */
final class MemoryMember {

    final int number;
    final String name;
    final Self self;
    final Listener listener;
    private final long[] wanted;
    private final long[] handed;
    private final long since;
    private Load load = Load.NONE;

    MemoryMember(int number, String name, Self self, Listener listener, long now) {
        this.number = number;
        this.name = name;
        this.self = self;
        this.listener = listener;
        since = now;
        wanted = new long[self.groups().size()];
        handed = new long[wanted.length];
    }

    int number() {
        return number;
    }

    int groups() {
        return wanted.length;
    }

    void want(int group, long total) {
        wanted[group] = total;
    }

    boolean wantsMore(int group) {
        return wanted[group] > handed[group];
    }

    void handed(int group) {
        handed[group]++;
    }

    Optional<RateLimit> rate(String type) {
        return self.groups().stream()
                .flatMap(List::stream)
                .filter(kind -> kind.name().equals(type))
                .findFirst()
                .flatMap(Kind::rate);
    }

    void load(Load said) {
        load = said;
    }

    NodeInfo info(long now) {
        var types = self.groups().stream()
                .flatMap(kinds -> kinds.stream().map(Kind::name))
                .toList();
        return new NodeInfo(number, name, types, (now - since) / 1e9, 0, load);
    }
}
