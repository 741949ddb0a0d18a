package dev.shunt.architecture;

import static java.util.stream.Collectors.toMap;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which package of the library imports which; a package that is not here is a violation too. All may log.
 */
final class ImportWhatTheTableLists extends ArchCondition<JavaClass> {

    private static final Map<String, Set<String>> TABLE = parse("""
            api
            bus
            fatal
            files
            log
            time
            check     time
            cron
            stats
            timer     fatal time
            data
            net       check data http
            protocol  data net http
            http      check data
            task      bus check data
            intake    time data task
            dispatch  time stats task
            question  data net
            ipc       fatal files time data net task question
            process   fatal time check stats ipc files
            plan      bus control time check stats cron data net task
            control   check time timer data stats net http
            netty     bus fatal files time timer stats data net http ipc
            engine           control fatal time data timer net http netty plan process question stats task
            engine.slots     fatal time data dispatch engine ipc net plan task
            engine.child     control fatal time data timer net http netty task ipc process plan question stats engine engine.slots
            engine.manager   bus control files fatal time data timer net http netty task intake dispatch ipc process plan question stats engine engine.slots
            remote           time data process
            launch           time process plan engine engine.child engine.manager
            command          time plan process remote launch
            cli       data remote
            console   control
            micrometer     calls control stats
            opentelemetry  task
            sqlite    fatal files data task
            postgres  bus fatal check data task time
            calls     bus control check stats data net http task plan question engine
            server    check stats timer data net protocol http task plan engine launch calls
            worker    bus check stats timer data net protocol http task plan engine launch calls command
            pool      check control stats data task plan engine launch calls
            training  calls data launch net plan pool server task
             launch command
            """);

    private static final Pattern OURS = Pattern.compile("(?:.*\\.)?dev\\.shunt(?:\\.(.+))?");

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
                        .filter(other -> !other.equals(own) && !other.equals("log"))
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

    private static Map<String, Set<String>> parse(String table) {
        return table.lines()
                .map(line -> List.of(line.split(" +")))
                .collect(toMap(List::getFirst, words -> Set.copyOf(words.subList(1, words.size()))));
    }
}
