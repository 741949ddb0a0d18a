package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import dev.shunt.engine.LoopWatch;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.timer.Loop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All groups of the manager while they run: a dispatcher each, unless their slots are event loops, and slots where the plan
 * places them. Lives on the main loop.
 */
final class Groups {

    private final Plan plan;
    private final ManagerPorts ports;
    private final Payloads payloads;
    private final Runnable workEnded;
    private final Map<Group, GroupRun<TaskItem>> forTasks = new LinkedHashMap<>();
    private final Map<Group, GroupRun<ConnectionWork>> forConnections = new LinkedHashMap<>();
    private final Map<Group, LoopSlots> onLoops = new LinkedHashMap<>();
    private final Map<Group, OwnSlots> own = new LinkedHashMap<>();
    private final Map<String, LocalSlots<?>> local = new LinkedHashMap<>();
    private final Map<Integer, GroupChildren> children = new LinkedHashMap<>();
    private boolean started;

    /** @param workEnded called when something that a slot did is over */
    Groups(Plan plan, ManagerPorts ports, Payloads payloads, Runnable workEnded) {
        this.plan = plan;
        this.ports = ports;
        this.payloads = payloads;
        this.workEnded = workEnded;
        var watch = new LoopWatch(ports.clock());
        var turns = ports.loops().stream()
                .collect(Collectors.<Loop, Loop, LoopTurn>toMap(loop -> loop, loop -> new LoopTurn(loop, watch)));
        for (var group : plan.groups()) {
            if (group.placement() == Placement.EVENT_LOOP) {
                var slots = new LoopSlots(group, plan, ports.loops(), watch, turns);
                onLoops.put(group, slots);
                own.put(group, slots);
            } else if (group.runsTasks()) {
                GroupRun<TaskItem> run = run(group);
                forTasks.put(group, run);
                host(run, new LocalTasks(run, ports.elsewhere().contains(group.name()), plan));
            } else {
                GroupRun<ConnectionWork> run = run(group);
                forConnections.put(group, run);
                run.tells(new ConnectionEnds(run, workEnded));
                host(run, (event, _, _) -> event.handle());
            }
        }
    }

    private <P> GroupRun<P> run(Group group) {
        int maxTasks = Integer.MAX_VALUE; // the intake has room for what it lets in
        return new GroupRun<>(group, plan.indexOf(group), maxTasks, ports.main(), ports.clock());
    }

    private <P extends WorkItem> void host(GroupRun<P> run, LocalSlots.Handlers<P> handlers) {
        Group group = run.group();
        if (group.placement() == Placement.CHILDREN) {
            children.put(run.index(), new GroupChildren(run, payloads));
        } else {
            List<Slot> slots = IntStream.range(0, group.slots())
                    .mapToObj(index -> plan.slot(group, index))
                    .toList();
            var hosts = new LocalSlots<>(run, handlers, ports.slots().of(group, slots));
            run.hostedBy(hosts);
            own.put(group, hosts);
            local.put(group.name(), hosts);
        }
    }

    /** By the group's index in the plan. */
    Map<Integer, GroupChildren> children() {
        return children;
    }

    /** Of groups for tasks, in the order of the plan. */
    List<GroupRun<TaskItem>> tasks() {
        return List.copyOf(forTasks.values());
    }

    /** Before anything starts. */
    void tasksEndAt(TaskGroups tasks) {
        for (var run : forTasks.values()) {
            var of = tasks.of(run.index());
            var ends = new TaskEnds(run, of, workEnded);
            run.tells(tasks.sharing()
                    .<GroupRun.Ends<TaskItem>>map(sharing -> new SharedEnds(ends, sharing.runs(), of, workEnded))
                    .orElse(ends));
        }
    }

    GroupRun<ConnectionWork> connections(Group group) {
        return Objects.requireNonNull(forConnections.get(group));
    }

    /** None on event loops. */
    Optional<GroupRun<ConnectionWork>> connectionsOf(Group group) {
        return Optional.ofNullable(forConnections.get(group));
    }

    /** How many slots a group has now; from any thread. */
    int slotsNow(Group group) {
        GroupRun<?> run = group.runsTasks() ? forTasks.get(group) : forConnections.get(group);
        return run == null ? group.slots() : run.slots();
    }

    /** Slots of this process that are threads. */
    Optional<LocalSlots<?>> threads(Group group) {
        return Optional.ofNullable(local.get(group.name()));
    }

    private Stream<GroupRun<? extends WorkItem>> runs() {
        return Stream.concat(forTasks.values().stream(), forConnections.values().stream());
    }

    /** A slot of this process, on whose thread things run. */
    Executor slot(Group group, int index) {
        return Objects.requireNonNull(own.get(group)).slot(index);
    }

    LoopSlots onLoops(Group group) {
        return Objects.requireNonNull(onLoops.get(group));
    }

    /** The slot in this process that stands for the manager: the first one that has to do with connections, if any. */
    Optional<Executor> managerSlot() {
        return Stream.concat(
                        onLoops.values().stream().map(slots -> slots.slot(0)),
                        own.entrySet().stream()
                                .filter(entry -> !entry.getKey().runsTasks())
                                .map(entry -> entry.getValue().slot(0)))
                .findFirst();
    }

    /** Starts the slots of this process; done when all start callbacks have returned. */
    CompletableFuture<Void> start(Engine engine) {
        started = true;
        return onAll(slots -> slots.start(engine));
    }

    /** Rejects what waits; what runs may end. */
    void drain(String reason) {
        runs().forEach(run -> run.stop(reason));
    }

    boolean isIdle() {
        return runs().allMatch(GroupRun::isIdle);
    }

    /** What runs now, for the log. */
    List<String> runningLeases() {
        return runs().flatMap(Groups::runningLeases).toList();
    }

    private static <P extends WorkItem> Stream<String> runningLeases(GroupRun<P> run) {
        return run.dispatcher().leased().stream()
                .map(item -> item.kind() + " " + item.subject() + " of group "
                        + run.group().name());
    }

    /** The process dies that slots of this one stand for; see {@link LocalSlots#down}. */
    CompletableFuture<Void> down(String group, LongPredicate started, String how, Engine engine) {
        return Objects.requireNonNull(local.get(group)).down(started, how, engine);
    }

    /** What slots of this process still run is lost: they cannot be killed. */
    void abandon() {
        own.values().forEach(OwnSlots::abandon);
    }

    /** Ends the slots of this process, after what they run. */
    CompletableFuture<Void> stop() {
        if (!started) {
            return CompletableFuture.completedFuture(null);
        }
        return onAll(OwnSlots::stop);
    }

    /** Done when slots of this process have run the callbacks that they have been given so far. */
    CompletableFuture<Void> calledBack() {
        if (!started) {
            return CompletableFuture.completedFuture(null);
        }
        return all(own.keySet().stream()
                .flatMap(group -> IntStream.range(0, slotsNow(group))
                        .mapToObj(index -> CompletableFuture.runAsync(() -> {}, slot(group, index)))));
    }

    /** Asks handlers in this process that did not end in time to give up. */
    void interrupt() {
        own.values().forEach(OwnSlots::interrupt);
    }

    private CompletableFuture<Void> onAll(Function<OwnSlots, CompletableFuture<Void>> action) {
        return all(own.values().stream().map(action));
    }

    private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    }
}
