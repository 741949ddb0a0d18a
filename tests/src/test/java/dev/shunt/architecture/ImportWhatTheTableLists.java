package dev.shunt.architecture;

import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which package of the library imports which; a package that is not here is a violation too. */
final class ImportWhatTheTableLists extends ArchCondition<JavaClass> {

    private static final Map<String, Set<String>> TABLE = Map.ofEntries(
            entry("time", Set.of()),
            entry("stats", Set.of()),
            entry("timer", Set.of("time")),
            entry("data", Set.of()),
            entry("net", Set.of("data")),
            entry("protocol", Set.of("data", "net")),
            entry("http", Set.of("data", "net")),
            entry("task", Set.of("data")),
            entry("dispatch", Set.of("task", "time", "stats")),
            entry("ipc", Set.of("data", "net", "time")),
            entry("process", Set.of("ipc", "time", "stats")),
            entry("plan", Set.of("data", "net", "task")),
            entry("netty", Set.of("data", "net", "http", "ipc", "time", "stats")),
            entry(
                    "engine",
                    Set.of(
                            "data",
                            "net",
                            "protocol",
                            "http",
                            "task",
                            "dispatch",
                            "ipc",
                            "process",
                            "plan",
                            "netty",
                            "time",
                            "stats",
                            "timer")),
            entry("server", Set.of("data", "net", "protocol", "http", "task", "plan", "engine", "stats", "timer")),
            entry("worker", Set.of("data", "net", "protocol", "http", "task", "plan", "engine", "stats", "timer")));

    private static final Pattern OURS = Pattern.compile("(?:.*\\.)?dev\\.shunt(?:\\.([^.]+).*)?");

    ImportWhatTheTableLists() {
        super("import what the package table lists");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        packageOf(type).ifPresent(own -> {
            if (!TABLE.containsKey(own)) {
                events.add(SimpleConditionEvent.violated(
                        type, type.getName() + " is in package '" + own + "', which the table does not list"));
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                packageOf(dependency.getTargetClass().getBaseComponentType())
                        .filter(other -> !other.equals(own))
                        .filter(other -> !TABLE.getOrDefault(own, Set.of()).contains(other))
                        .ifPresent(other -> events.add(SimpleConditionEvent.violated(
                                dependency, own + " must not import " + other + ": " + dependency.getDescription())));
            }
        });
    }

    /** "netty" for {@code dev.shunt.netty.Link}, "" for a class of the root package, nothing for classes not ours. */
    private static Optional<String> packageOf(JavaClass type) {
        var matcher = OURS.matcher(type.getPackageName());
        return matcher.matches()
                ? Optional.of(Optional.ofNullable(matcher.group(1)).orElse(""))
                : Optional.empty();
    }
}
