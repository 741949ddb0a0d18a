package dev.shunt.intake;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tasks of each key that have a turn before dispatch, first comes first; of a key that has none nothing is kept. */
final class KeyOrder<T extends Submitted> {

    private final Function<Pending<T>, @Nullable String> keyOf;
    private final Map<String, SequencedSet<Pending<T>>> byKey = new LinkedHashMap<>();

    KeyOrder(Function<Pending<T>, @Nullable String> keyOf) {
        this.keyOf = keyOf;
    }

    /** It is behind all that have a turn, but before those of this run if it is not; does nothing if it has one, or no key. */
    void add(Pending<T> pending) {
        String key = keyOf.apply(pending);
        if (key != null) {
            var ofKey = byKey.computeIfAbsent(key, _ -> new LinkedHashSet<>());
            ofKey.add(pending);
            if (pending.first && ofKey.size() > 1) {
                var ofThisRun = ofKey.stream().filter(other -> !other.first).toList();
                ofThisRun.forEach(ofKey::remove);
                ofKey.addAll(ofThisRun);
            }
        }
    }

    /** Does nothing if it has no turn. */
    void remove(Pending<T> pending) {
        String key = keyOf.apply(pending);
        var ofKey = key == null ? null : byKey.get(key);
        if (ofKey != null && ofKey.remove(pending) && ofKey.isEmpty()) {
            byKey.remove(key);
        }
    }

    @Nullable Pending<T> first(@Nullable String key) {
        var ofKey = key == null ? null : byKey.get(key);
        return ofKey == null ? null : ofKey.getFirst();
    }

    boolean has(Pending<T> pending) {
        return of(keyOf.apply(pending)).contains(pending);
    }

    /** In their order; not to be changed. */
    Collection<Pending<T>> of(@Nullable String key) {
        var ofKey = key == null ? null : byKey.get(key);
        return ofKey == null ? List.of() : ofKey;
    }

    List<String> keys() {
        return List.copyOf(byKey.keySet());
    }

    Collection<? extends Collection<Pending<T>>> lines() {
        return byKey.values();
    }

    int size() {
        return byKey.size();
    }
}
