package dev.shunt.engine.manager;

import dev.shunt.dispatch.ChildLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Leases of which their child has not heard, for something comes first: they are taken back here. */
final class HeldLeases<P> {

    private final Map<ChildLoad<P>, SequencedSet<Long>> leases = new HashMap<>();

    void add(ChildLoad<P> child, long lease) {
        leases.computeIfAbsent(child, _ -> new LinkedHashSet<>()).add(lease);
    }

    boolean has(ChildLoad<P> child, long lease) {
        var held = leases.isEmpty() ? null : leases.get(child);
        return held != null && held.contains(lease);
    }

    /** False if it is not held: taken back, or its child gone. */
    boolean release(ChildLoad<P> child, long lease) {
        var held = leases.isEmpty() ? null : leases.get(child);
        if (held == null || !held.remove(lease)) {
            return false;
        }
        if (held.isEmpty()) {
            leases.remove(child);
        }
        return true;
    }

    /** Those that were leased last. */
    List<Long> takeBack(ChildLoad<P> child, int count) {
        var back = new ArrayList<Long>();
        var held = leases.isEmpty() ? null : leases.get(child);
        while (held != null && back.size() < count && !held.isEmpty()) {
            back.add(held.removeLast());
        }
        return back;
    }

    void forget(ChildLoad<P> child) {
        leases.remove(child);
    }
}
