package dev.shunt.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Classes of one package, each of which needs, directly or not, each other one, are a knot: they can only be
 * understood, changed and tested together. A few may be. Nested classes are part of the class they stand in.
 */
final class StandInNoLargeKnot extends ArchCondition<JavaClass> {

    private static final int MAX_CLASSES = 3;

    /** Each class of a knot that is too large, by full name. */
    private final Map<String, SortedSet<String>> knots = new HashMap<>();

    StandInNoLargeKnot() {
        super("stand in no knot of more than " + MAX_CLASSES + " classes of their package");
    }

    @Override
    public void init(Collection<JavaClass> all) {
        knots.clear();
        var needs = new TreeMap<String, SortedSet<String>>();
        for (var type : all) {
            var from = topLevel(type);
            var needed = needs.computeIfAbsent(from.getName(), _ -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .map(StandInNoLargeKnot::topLevel)
                    .filter(to -> to.getPackageName().equals(from.getPackageName()) && !to.equals(from))
                    .forEach(to -> needed.add(to.getName()));
        }
        for (var knot : new Tarjan(needs).knots()) {
            if (knot.size() > MAX_CLASSES) {
                knot.forEach(name -> knots.put(name, knot));
            }
        }
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        var knot = knots.get(type.getName());
        if (knot != null && knot.first().equals(type.getName())) {
            events.add(SimpleConditionEvent.violated(
                    type,
                    knot.size() + " classes of " + type.getPackageName() + " need each other: "
                            + String.join(", ", knot)));
        }
    }

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(StandInNoLargeKnot::topLevel).orElse(type);
    }

    /** Tarjan's strongly connected components. */
    private static final class Tarjan {

        private final Map<String, SortedSet<String>> graph;
        private final Map<String, Integer> found = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();
        private final Collection<SortedSet<String>> knots = new ArrayDeque<>();

        Tarjan(Map<String, SortedSet<String>> graph) {
            this.graph = graph;
        }

        Collection<SortedSet<String>> knots() {
            graph.keySet().stream().filter(name -> !found.containsKey(name)).forEach(this::visit);
            return knots;
        }

        private void visit(String from) {
            found.put(from, found.size());
            lowest.put(from, found.get(from));
            open.push(from);
            for (var to : graph.getOrDefault(from, Collections.emptySortedSet())) {
                if (!found.containsKey(to)) {
                    visit(to);
                    lowest.merge(from, lowest.get(to), Math::min);
                } else if (open.contains(to)) {
                    lowest.merge(from, found.get(to), Math::min);
                }
            }
            if (lowest.get(from).equals(found.get(from))) {
                var knot = new TreeSet<String>();
                do {
                    knot.add(open.pop());
                } while (!knot.contains(from));
                knots.add(knot);
            }
        }
    }
}
