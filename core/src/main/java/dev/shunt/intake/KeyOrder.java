package dev.shunt.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of each ordering key that have a turn before dispatch, first comes first; of a key that has none nothing is
 * kept.
 */
final class KeyOrder<T extends Submitted> {

    private final Map<String, SequencedSet<Pending<T>>> byKey = new LinkedHashMap<>();

    /** It is behind all that have a turn; does nothing if it has one, or no key. */
    void add(Pending<T> pending) {
        if (pending.key != null) {
            byKey.computeIfAbsent(pending.key, _ -> new LinkedHashSet<>()).add(pending);
        }
    }

    /** Does nothing if it has no turn. */
    void remove(Pending<T> pending) {
        var ofKey = pending.key == null ? null : byKey.get(pending.key);
        if (ofKey != null && ofKey.remove(pending) && ofKey.isEmpty()) {
            byKey.remove(pending.key);
        }
    }

    @Nullable Pending<T> first(@Nullable String key) {
        var ofKey = key == null ? null : byKey.get(key);
        return ofKey == null ? null : ofKey.getFirst();
    }

    List<String> keys() {
        return List.copyOf(byKey.keySet());
    }

    List<Pending<T>> all() {
        var all = new ArrayList<Pending<T>>();
        byKey.values().forEach(all::addAll);
        return all;
    }

    int size() {
        return byKey.size();
    }
}
