package dev.shunt.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import dev.shunt.testkit.Program;
import dev.shunt.testkit.Programs;
import io.netty.channel.ChannelPipeline;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Calls that rules forbid, as method references too. */
final class Calls {

    static final DescribedPredicate<JavaAccess<?>> SLEEP =
            target("it sleeps", t -> t.getName().equals("sleep") && (isOn(t, Thread.class) || isOn(t, TimeUnit.class)));

    static final DescribedPredicate<JavaAccess<?>> RUNTIME_EXEC =
            target("it starts a process", t -> t.getName().equals("exec") && isOn(t, Runtime.class));

    /** By the testkit, by the core's own test manager, or by itself. */
    static final DescribedPredicate<JavaAccess<?>> PROCESS_OF_A_TEST = target(
            "it starts a process",
            t -> isOn(t, ProcessBuilder.class)
                    || isOn(t, Programs.class)
                    || (isOn(t, Program.class) && t.getName().equals("start"))
                    || t.getOwner().getSimpleName().equals("TestManager"));

    static final DescribedPredicate<JavaAccess<?>> CLOCK = target("it reads a clock", Calls::isClock);

    static final DescribedPredicate<JavaAccess<?>> PIPELINE_CHANGE =
            target("it changes a pipeline", t -> isOn(t, ChannelPipeline.class) && isPipelineChange(t.getName()));

    private static final Set<String> SYSTEM_CLOCKS = Set.of("nanoTime", "currentTimeMillis");

    private Calls() {}

    private static boolean isPipelineChange(String name) {
        return name.startsWith("add") || name.startsWith("remove") || name.equals("replace");
    }

    private static boolean isClock(AccessTarget target) {
        var name = target.getName();
        return (isOn(target, System.class) && SYSTEM_CLOCKS.contains(name))
                || (isOn(target, Calendar.class) && name.equals("getInstance"))
                || (target instanceof AccessTarget.ConstructorCallTarget constructor
                        && isOn(target, Date.class)
                        && constructor.getRawParameterTypes().isEmpty())
                || (target.getOwner().getPackageName().equals("java.time")
                        && (name.equals("now") || name.startsWith("system") || name.startsWith("tick")));
    }

    private static boolean isOn(AccessTarget target, Class<?> owner) {
        return target.getOwner().isEquivalentTo(owner);
    }

    private static DescribedPredicate<JavaAccess<?>> target(String description, Predicate<AccessTarget> matches) {
        return DescribedPredicate.describe(description, access -> matches.test(access.getTarget()));
    }
}
