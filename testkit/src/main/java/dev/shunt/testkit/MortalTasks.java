package dev.shunt.testkit;

import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Retry;
import java.util.function.Predicate;

/**
 * A plan whose tasks may die with their process: what ends their handlers then is no failure for the program to decide
 * about.
 */
final class MortalTasks {

    private MortalTasks() {}

    static Plan in(Plan plan, Predicate<Throwable> isDeath) {
        var groups = plan.groups().stream()
                .map(group -> group.tasks().isEmpty() ? group : mortal(group, isDeath))
                .toList();
        return new Plan(groups, plan.listeners(), plan.settings(), plan.hooks());
    }

    private static Group mortal(Group group, Predicate<Throwable> isDeath) {
        return new Group(
                group.name(),
                group.placement(),
                group.slots(),
                group.processes(),
                group.virtual(),
                group.jvmOptions(),
                group.tasks().map(spec -> mortal(spec, isDeath)),
                group.onStart(),
                group.onStop());
    }

    private static TaskSpec mortal(TaskSpec spec, Predicate<Throwable> isDeath) {
        return new TaskSpec(
                spec.untyped(),
                spec.typed(),
                (task, thrown) ->
                        isDeath.test(thrown) ? Retry.byOptions() : spec.retry().decide(task, thrown),
                spec.maxRuns(),
                spec.maxRunsSpread(),
                spec.schedules());
    }
}
