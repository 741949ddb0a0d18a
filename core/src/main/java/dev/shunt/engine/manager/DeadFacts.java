package dev.shunt.engine.manager;

import dev.shunt.task.DeadTask;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Facts of dead letters, by their ids, in bounded memory: long payloads are left out, and what many have in common is kept
 * once. Read by any thread, changed by one at a time.
 */
final class DeadFacts {

    /** Beyond that all letters are read each time. */
    static final int MAX = 250_000;

    private static final long MAX_CHARS =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);
    private static final int MAX_TEXT_BYTES = 512;
    private static final int MAX_SHARED = 1_000;

    private final Shown shown;
    private final NavigableMap<Long, DeadFact> facts = new ConcurrentSkipListMap<>();
    private final Map<String, String> lines = new HashMap<>();
    private final Map<String, DeadFact.Trace> traces = new HashMap<>();
    private final Map<DeadFact.Cause, DeadFact.Cause> causes = new HashMap<>();

    /** Of what each keeps, and of what they share, since the last time that there was nothing. */
    private long chars;

    DeadFacts(Shown shown) {
        this.shown = shown;
    }

    DeadFact of(DeadTask letter) {
        String type = DeadFact.type(letter);
        int end = DeadFact.lineEnd(letter.reason());
        String line = shared(lines, letter.reason().substring(0, end));
        var trace = trace(letter.reason().substring(end));
        var cause = DeadFact.Cause.of(type, line, trace);
        var data = letter.task().data();
        String text = data.size() > MAX_TEXT_BYTES ? null : shown.searched(type, data);
        return new DeadFact(letter.id(), letter.diedAtMillis(), shared(causes, cause), line, trace, text);
    }

    private DeadFact.Trace trace(String text) {
        var known = traces.get(text);
        if (known == null) {
            chars += text.length();
            known = DeadFact.Trace.of(text);
            keep(traces, text, known);
        }
        return known;
    }

    private static <T> T shared(Map<T, T> all, T one) {
        var known = all.get(one);
        if (known == null) {
            keep(all, one, one);
        }
        return known == null ? one : known;
    }

    private static <K, V> void keep(Map<K, V> all, K key, V value) {
        if (all.size() >= MAX_SHARED) {
            all.clear(); // most are not common
        }
        all.put(key, value);
    }

    void put(DeadTask letter) {
        var fact = of(letter);
        var before = facts.put(fact.id(), fact);
        chars += own(fact) - (before == null ? 0 : own(before));
    }

    void remove(long id) {
        var gone = facts.remove(id);
        chars -= gone == null ? 0 : own(gone);
        if (facts.isEmpty()) {
            clear();
        }
    }

    private static long own(DeadFact fact) {
        return (long) fact.line().length()
                + (fact.text() == null ? 0 : fact.text().length());
    }

    boolean contains(long id) {
        return facts.containsKey(id);
    }

    void clear() {
        facts.clear();
        lines.clear();
        traces.clear();
        causes.clear();
        chars = 0;
    }

    /** Whether there are more than are to be kept. */
    boolean isTooMuch() {
        if (facts.size() > MAX || chars <= MAX_CHARS) {
            return facts.size() > MAX;
        }
        count(); // traces of letters that are gone may be among them
        return chars > MAX_CHARS / 2; // else it would be counted again soon
    }

    private void count() {
        Set<DeadFact.Trace> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        chars = 0;
        for (var fact : facts.values()) {
            chars += own(fact);
            if (distinct.add(fact.trace())) {
                chars += fact.trace().text().length();
            }
        }
    }

    /** In the order of their ids; others may come and go. */
    Collection<DeadFact> all() {
        return facts.values();
    }
}
