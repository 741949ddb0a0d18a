package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.process.Child;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All groups of the manager while they run: a dispatcher each, unless their slots are event loops, and slots where the plan
 * places them. Lives on the main loop.
 */
final class Groups {

    private final Plan plan;
    private final Map<Group, GroupRun> runs = new LinkedHashMap<>();
    private final Map<Group, LoopSlots> onLoops = new LinkedHashMap<>();
    private final Map<Group, LocalSlots> inProcess = new LinkedHashMap<>();
    private final Map<Integer, GroupChildren> children = new LinkedHashMap<>();
    private boolean started;

    /** @param replace starts a successor for a child */
    Groups(
            Plan plan,
            Network network,
            Clock clock,
            Payloads payloads,
            Engine engine,
            GroupRun.Ends ends,
            Consumer<Child> replace) {
        this.plan = plan;
        Loop main = network.loop(0);
        for (var group : plan.groups()) {
            switch (group.placement()) {
                case EVENT_LOOP -> onLoops.put(group, new LoopSlots(group, plan, network, engine));
                case IN_PROCESS -> {
                    GroupRun run = run(group, main, clock, ends);
                    var slots = new LocalSlots(run, plan, engine, main, clock);
                    run.hostedBy(slots);
                    inProcess.put(group, slots);
                }
                case CHILDREN -> {
                    GroupRun run = run(group, main, clock, ends);
                    var hosts = new GroupChildren(run, plan.indexOf(group), payloads, replace);
                    run.hostedBy(hosts);
                    children.put(plan.indexOf(group), hosts);
                }
            }
        }
    }

    private GroupRun run(Group group, Loop main, Clock clock, GroupRun.Ends ends) {
        int maxTasks = Integer.MAX_VALUE; // the intake has room for what it lets in
        var run = new GroupRun(group, plan.indexOf(group), maxTasks, main, clock, ends);
        runs.put(group, run);
        return run;
    }

    /** By the group's index in the plan. */
    Map<Integer, GroupChildren> children() {
        return children;
    }

    Optional<GroupRun> tasks() {
        return plan.taskGroup().map(runs::get);
    }

    GroupRun run(Group group) {
        return Objects.requireNonNull(runs.get(group));
    }

    /** A slot of this process, on whose thread things run. */
    Executor slot(Group group, int index) {
        return group.placement() == Placement.EVENT_LOOP
                ? onLoops(group).slot(index)
                : Objects.requireNonNull(inProcess.get(group)).pool().slot(index);
    }

    LoopSlots onLoops(Group group) {
        return Objects.requireNonNull(onLoops.get(group));
    }

    /** The slot in this process that stands for the manager: the first one that has to do with connections, if any. */
    Optional<Executor> managerSlot() {
        return Stream.concat(
                        onLoops.values().stream().map(LoopSlots::first),
                        inProcess.entrySet().stream()
                                .filter(entry -> !entry.getKey().runsTasks())
                                .map(entry -> entry.getValue().pool().slot(0)))
                .findFirst();
    }

    /** Starts the slots of this process; done when all start callbacks have returned. */
    CompletableFuture<Void> start() {
        started = true;
        return all(Stream.concat(
                onLoops.values().stream().map(LoopSlots::start),
                inProcess.values().stream().map(LocalSlots::start)));
    }

    /** Rejects what waits; what runs may end. */
    void drain(String reason) {
        runs.values().forEach(run -> run.stop(reason));
    }

    boolean isIdle() {
        return runs.values().stream().allMatch(GroupRun::isIdle);
    }

    /** What runs now, for the log. */
    List<String> runningLeases() {
        return runs.values().stream()
                .flatMap(run -> run.dispatcher().leased().stream()
                        .map(item -> item.kind() + " " + item.subject() + " of group "
                                + run.group().name()))
                .toList();
    }

    /** What slots of this process still run is lost: they cannot be killed. */
    void abandon() {
        inProcess.values().forEach(LocalSlots::abandon);
    }

    /** Ends the slots of this process, after what they run. */
    CompletableFuture<Void> stop() {
        if (!started) {
            return CompletableFuture.completedFuture(null);
        }
        return all(Stream.concat(
                onLoops.values().stream().map(LoopSlots::stop),
                inProcess.values().stream().map(slots -> slots.pool().stop())));
    }

    /** Done when slots of this process have run the callbacks that they have been given so far. */
    CompletableFuture<Void> calledBack() {
        if (!started) {
            return CompletableFuture.completedFuture(null);
        }
        return all(plan.groups().stream()
                .filter(group -> group.placement() != Placement.CHILDREN)
                .flatMap(group -> IntStream.range(0, group.slots())
                        .mapToObj(index -> CompletableFuture.runAsync(() -> {}, slot(group, index)))));
    }

    /** Asks handlers in this process that did not end in time to give up. */
    void interrupt() {
        inProcess.values().forEach(slots -> slots.pool().interrupt());
    }

    private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    }
}
