package dev.shunt.engine.manager;

import dev.shunt.engine.NoTaskSlots;
import dev.shunt.ipc.Frame;
import dev.shunt.plan.Group;
import dev.shunt.plan.TaskTypes.Route;
import dev.shunt.task.Outcome;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of all groups: brings each to the group that runs its type, and what is said of it by its id to the group that
 * knows it. Submissions and sums are for any thread, all else happens on the main loop.
 */
final class TaskGroups {

    private final TaskParts shared;
    private final @Nullable Sharing sharing;
    private final DeadLetters letters;

    /** In the plan's order. */
    private final List<Tasks> groups = new ArrayList<>();

    /** By the group's index in the plan; null for one that runs no tasks. */
    private final @Nullable Tasks[] byIndex;

    /**
     * @param sharing has the durable ones if nodes share them
     * @param full told true when a group's queue is nearly full, false when it no longer is
     */
    TaskGroups(TaskParts shared, @Nullable Sharing sharing, List<GroupRun<TaskItem>> runs, Consumer<Boolean> full) {
        this.shared = shared;
        this.sharing = sharing;
        this.letters = new DeadLetters(
                shared.plan().taskTypes(), shared.journal(), shared.clock(), this::isKeyTaken, this::revived);
        this.byIndex = new Tasks[shared.plan().groups().size()];
        for (var run : runs) {
            var tasks = new Tasks(run, shared, sharing, letters, full);
            if (sharing != null) {
                sharing.runs().add(tasks);
            }
            groups.add(tasks);
            byIndex[run.index()] = tasks;
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    List<Tasks> all() {
        return Collections.unmodifiableList(groups);
    }

    Tasks of(int group) {
        return Objects.requireNonNull(byIndex[group]);
    }

    private Route route(Submission task) {
        return shared.plan().taskTypes().route(task.type()).orElseThrow(NoTaskSlots::new);
    }

    /** The group that would run it. */
    Group group(Submission task) {
        return of(route(task).group()).group();
    }

    /** As {@link Tasks#submit}, with the plan's number for its type. */
    long submit(Submission task, int source, Origin origin, @Nullable Runnable taken) {
        var route = route(task);
        var routed = route.type() == task.type() ? task : new Submission(task.data(), route.type(), task.options());
        return of(route.group()).submit(routed, source, origin, taken);
    }

    void submitFromChild(Frame.Submit frame, int source, Origin.InChild origin) {
        of(frame.group()).submitFromChild(frame, source, origin);
    }

    /** An error of the engine ends what a child has submitted. */
    void broke(Frame.Submit frame, int source, Origin.InChild origin, Throwable problem) {
        of(frame.group()).broke(frame, source, origin, problem);
    }

    /** A task of the letter's group has this unique key. */
    private boolean isKeyTaken(Route route, String uniqueKey) {
        return of(route.group()).intake().seen().isUniqueKeyTaken(uniqueKey);
    }

    /** A dead letter, which is in the log as a task from now on. */
    private void revived(StoredTask stored) {
        shared.plan()
                .taskTypes()
                .route(stored.type())
                .ifPresent(route -> of(route.group()).revived(stored));
    }

    void recover() {
        groups.forEach(Tasks::recover);
        ifShared(sharing -> sharing.runs().start());
    }

    /** One that was submitted in this process or a child. */
    void cancel(long taskId) {
        cancel(taskId, _ -> {});
    }

    /** As the other one, or one that nodes share; {@code known} hears whether there is such a task. */
    void cancel(long taskId, Consumer<Boolean> known) {
        boolean here = false;
        for (var tasks : groups) {
            here |= tasks.cancel(taskId);
        }
        if (here || sharing == null) {
            known.accept(here);
        } else {
            sharing.cancel(taskId, known);
        }
    }

    void cancelFromChild(long serial, long taskId) {
        groups.forEach(tasks -> tasks.cancelFromChild(serial, taskId));
    }

    void withdraw(long taskId) {
        groups.forEach(tasks -> tasks.withdraw(taskId));
        ifShared(sharing -> groups.getFirst().run().loop().execute(() -> sharing.withdraw(taskId)));
    }

    private void ifShared(Consumer<Sharing> action) {
        if (sharing != null) {
            action.accept(sharing);
        }
    }

    void withdrawFromChild(long serial, long taskId) {
        groups.forEach(tasks -> tasks.withdrawFromChild(serial, taskId));
        ifShared(sharing -> sharing.withdraw(taskId));
    }

    void stop() {
        groups.forEach(Tasks::stop);
        ifShared(Sharing::stop);
    }

    void giveUp() {
        groups.forEach(Tasks::giveUp);
    }

    /** What the queue that nodes share does not answer holds up no stop. */
    void giveUpShared() {
        ifShared(Sharing::giveUp);
    }

    /** Nothing is under way to it. */
    boolean isIdle() {
        return sharing == null || sharing.isIdle();
    }

    Optional<Sharing> sharing() {
        return Optional.ofNullable(sharing);
    }

    DeadLetters letters() {
        return letters;
    }

    // In numbers

    /** What an earlier run left is read by every group, and counted by the one that has most of it to read. */
    long waits() {
        long left = groups.stream()
                .mapToLong(queues -> queues.intake().left())
                .max()
                .orElse(0);
        long ofFleet = sharing == null ? 0 : sharing.waits();
        return sum(tasks -> tasks.intake().waits() - tasks.intake().left()) + left + ofFleet;
    }

    /** What has ended, and the log or whoever asked is not yet told. */
    int ending() {
        return (int) sum(Tasks::ending);
    }

    long submitted() {
        return sum(tasks -> tasks.counts().submitted());
    }

    long ended(Outcome outcome) {
        return sum(tasks -> tasks.counts().ended(outcome));
    }

    int sumInt(ToLongFunction<Tasks> number) {
        return (int) Math.min(Integer.MAX_VALUE, sum(number));
    }

    /** Over all groups. */
    long sum(ToLongFunction<Tasks> number) {
        return groups.stream().mapToLong(number).sum();
    }
}
