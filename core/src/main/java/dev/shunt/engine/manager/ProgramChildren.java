package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import dev.shunt.engine.NamedCallback;
import dev.shunt.engine.ProgramCode;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.log.Log;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.Plan;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import dev.shunt.process.ChildProgram;
import dev.shunt.process.LaunchCommand;
import dev.shunt.process.RestartPolicy;
import dev.shunt.process.Serials;
import dev.shunt.process.Supervisor;
import dev.shunt.process.SupervisorEvents;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * All children of the program: starts and ends them, and hears from the supervisor how they fare. Lives on the main loop.
 */
final class ProgramChildren implements SupervisorEvents {

    private static final Logger LOG = Log.of(ProgramChildren.class);

    /** What they ask for. */
    interface Requests {
        void received(Child child, FromChild.Work frame);

        /** It has ended, and what it has said has been received. */
        void gone(Child child);
    }

    /**
     * Where they find their manager, and the option of java that tells them what they are to serve, if they run the same
     * {@code main}.
     */
    record Home(Upkeep upkeep, String start) {}

    private final Plan plan;
    private final Executor managerSlot;
    private final Runnable workEnded;
    private final Map<Integer, GroupChildren> byGroup;

    /** The same by index: they are looked at for all that a child says. */
    private final @Nullable GroupChildren[] byIndex;

    private final Set<ChildPlace> starting;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Set<Long> retiring = new HashSet<>();

    private @Nullable Supervision supervision;
    private Runnable reloading = () -> {};
    private Runnable reloaded = () -> {};
    private boolean stopping;
    private long replaced;

    /** Once children may be started. */
    private record Supervision(
            Supervisor supervisor, Upkeep upkeep, Requests requests, Reload reload, ChildHistory history) {}

    /**
     * @param byGroup the children of each group that has some, by the group's index in the plan
     * @param workEnded called when something that a child did is over
     */
    ProgramChildren(Plan plan, Map<Integer, GroupChildren> byGroup, Executor managerSlot, Runnable workEnded) {
        this.plan = plan;
        this.byGroup = new LinkedHashMap<>(byGroup);
        this.byIndex = new GroupChildren[plan.groups().size()];
        byGroup.forEach((index, children) -> byIndex[index] = children);
        this.managerSlot = managerSlot;
        this.workEnded = workEnded;
        this.starting = byGroup.values().stream()
                .flatMap(children -> children.places().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The plan has none. */
    boolean areNone() {
        return byGroup.isEmpty();
    }

    /**
     * Opens the socket that children call; waits, so not on the main loop.
     *
     * @param serials a number for each child
     * @param asked does what they ask for
     */
    void listen(Network network, Home home, Clock clock, Serials serials, Requests asked) throws IOException {
        if (areNone()) {
            return;
        }
        var program = new ChildProgram(
                command(home.start()),
                List.copyOf(starting),
                plan.shape().toString(),
                RestartPolicy.DEFAULT,
                plan.settings().stopDeadline(),
                ChildProgram.DEFAULT_SILENCE,
                plan.settings().processes().payloadMemory(),
                plan.settings().processes().endSubprocesses(),
                plan.settings().processes().control().wantsAotCache());
        var directory = home.upkeep().directory();
        var keeper = new Supervisor(program, directory, clock, network.loop(0).executor(), this, serials);
        home.upkeep()
                .listen(
                        directory.socket(),
                        () -> network.listenLinks(directory.socket(), network.loop(0), keeper.links()));
        byGroup.values().forEach(children -> children.slots().supervisedBy(keeper));
        supervision = new Supervision(
                keeper,
                home.upkeep(),
                asked,
                new Reload(
                        this::servingSerial,
                        place -> at(place).serving(place.index()).ifPresent(keeper::replace)),
                new ChildHistory(clock));
        supervision.reload().whenOver(this::reloadOver);
    }

    /** Done when every place has a child that is ready; failed if one cannot be started. */
    CompletableFuture<Void> start() {
        if (supervision == null) {
            started.complete(null);
        } else {
            supervision.supervisor().start();
        }
        return started;
    }

    /** The program is stopping: a child that dies has no successor. */
    void replaceNoMore() {
        stopping = true;
        if (supervision != null) {
            supervision.supervisor().replaceNoMore();
        }
    }

    /** Ends all children, by force after the deadline; done when all are gone. */
    CompletableFuture<@Nullable Void> stop(Duration deadline) {
        return supervision == null
                ? CompletableFuture.completedFuture(null)
                : supervision.supervisor().stopAll(deadline).toCompletableFuture();
    }

    /** Ends the children that still run something; what they ran is lost and told of when they are down. */
    void killBusy() {
        byGroup.values().stream()
                .flatMap(children -> children.slots().busy().stream())
                .forEach(child -> supervision()
                        .supervisor()
                        .kill(child, "it had not ended what it ran by the deadline of the stop"));
    }

    /** Ends all children now; done when all are gone. */
    CompletableFuture<@Nullable Void> kill() {
        return supervision == null
                ? CompletableFuture.completedFuture(null)
                : supervision.supervisor().killAll().toCompletableFuture();
    }

    private LaunchCommand command(String start) {
        return plan.settings()
                .childMain()
                .map(LaunchCommand::ofChildMain)
                .orElseGet(() -> LaunchCommand.ofThisJvm(start));
    }

    /** As {@link ChildSlots#horizon}, of all. */
    void horizon(long nanos) {
        byGroup.values().forEach(children -> children.slots().horizon(nanos));
    }

    /** Results and messages for places that have no child. */
    int untold() {
        return byGroup.values().stream().mapToInt(GroupChildren::untold).sum();
    }

    boolean haveAcknowledgedAll() {
        return byGroup.values().stream().allMatch(GroupChildren::haveAcknowledgedAll);
    }

    long replaced() {
        return replaced;
    }

    /** All that live, as they are seen from here. */
    List<Inspection.Child> seen() {
        return supervision == null
                ? List.of()
                : supervision.supervisor().children().stream()
                        .map(child -> supervision()
                                .history()
                                .seen(child, of(child).slots().busy(child)))
                        .toList();
    }

    /** Those that ended unasked, by what ended them. */
    List<Measures.Restarts> restarts() {
        return supervision == null ? List.of() : supervision.history().restarts();
    }

    /** Whether each group has a child that is ready; the names of those that have none. */
    List<String> withoutChildren() {
        return byGroup.values().stream()
                .filter(children -> children.count() == 0)
                .map(children -> children.group().name())
                .toList();
    }

    /** Replaces one child, if there is one of that process and it serves. */
    Optional<Child> reload(long pid) {
        var serving = byGroup.values().stream()
                .flatMap(children -> children.serving().stream())
                .filter(child -> child.pid() == pid)
                .findFirst();
        if (!stopping) {
            serving.ifPresent(child -> supervision().supervisor().replace(child));
        }
        return serving;
    }

    /** So many children in this group from now on; who is one too many ends what it runs, and nobody follows. */
    void resize(GroupChildren group, int count) {
        if (supervision == null || !started.isDone() || stopping) {
            throw ControlException.conflict(
                    "the program is " + (stopping ? "stopping" : "starting") + ": its groups keep their children");
        }
        int before = group.places().size();
        LOG.info("group {} is to have {} children; it has {}", group.group().name(), count, before);
        if (count > before) {
            group.grow(count).forEach(supervision.supervisor()::add);
        } else {
            var last = group.places().subList(count, before);
            last.forEach(supervision.supervisor()::leave);
            group.shrink(count);
            last.forEach(supervision.reload()::forget);
        }
    }

    /** To be told when a reload begins, and when no child is left to be replaced. */
    void whenReloading(Runnable begun, Runnable over) {
        reloading = begun;
        reloaded = over;
    }

    private void reloadOver() {
        reloaded.run();
        plan.hooks()
                .afterReload()
                .ifPresent(callback -> managerSlot.execute(
                        new NamedCallback("onAfterReload", () -> ProgramCode.guarded("onAfterReload", callback::run))));
    }

    /** Replaces the children of all groups, or of those that run tasks; see {@link Reload}. */
    void reload(boolean tasksOnly) {
        var places = byGroup.values().stream()
                .filter(children -> !tasksOnly || children.group().runsTasks())
                .flatMap(children -> children.places().stream())
                .toList();
        if (places.isEmpty()) {
            reloading.run();
            reloadOver();
            LOG.warn(
                    "a reload of {} has no effect: there are no children to replace; what runs in this process is replaced by"
                            + " a restart",
                    tasksOnly ? "what runs tasks" : "the program");
        } else if (supervision == null || stopping) {
            LOG.warn("a reload has no effect: the program is {}", stopping ? "stopping" : "starting");
        } else {
            reloading.run();
            sayWhatStays(tasksOnly);
            supervision.reload().begin(places, supervision.supervisor().lastSerial());
        }
    }

    private void sayWhatStays(boolean tasksOnly) {
        var here = plan.groups().stream()
                .filter(group -> group.processes() == 0 && (!tasksOnly || group.runsTasks()))
                .map(Group::name)
                .toList();
        if (!here.isEmpty()) {
            LOG.info(
                    "a reload replaces children; handlers of {} run in the manager's process and stay as they are until the"
                            + " program is started again",
                    here);
        }
    }

    @Override
    public void started(Child child) {
        of(child).started(child);
    }

    @Override
    public void ready(Child child) {
        of(child).ready(child);
        supervision().reload().proceed();
        starting.remove(child.place());
        if (starting.isEmpty()) {
            started.complete(null);
        }
    }

    @Override
    public void retiring(Child child) {
        retiring.add(child.serial());
        of(child).leaving(child);
    }

    @Override
    public void overdue(Child child) {
        of(child).slots().overdue(child);
    }

    @Override
    public void notReplaced(Child child, String reason) {
        of(child).slots().notReplaced(child);
        supervision().reload().notReplaced(child.serial());
    }

    @Override
    public void socketGone() {
        supervision().upkeep().now();
    }

    /** The supervisor has logged it, and says {@link #startFailed} if the program has never run. */
    @Override
    public void shapeDiffers(ChildPlace place, String diff) {}

    @Override
    public void down(Child child, String how) {
        inAnyCase(child, () -> of(child).down(child, how));
        inAnyCase(child, () -> supervision().requests().gone(child));
        inAnyCase(child, () -> ended(child, how));
        inAnyCase(child, () -> supervision().reload().gone(child.serial()));
        workEnded.run();
    }

    private void ended(Child child, String how) {
        if (!stopping && !retiring.remove(child.serial())) {
            var place = child.place();
            supervision().history().exited(child, how);
            exited(new ChildExit(place.group(), place.index(), child.pid(), how));
        }
    }

    /** What one part of the engine cannot do keeps no other from doing its own. */
    private static void inAnyCase(Child child, Runnable part) {
        try {
            part.run();
        } catch (Throwable e) {
            FatalErrors.letOn(e);
            LOG.error("{} is gone, and not all that it has left could be seen to", child, e);
        }
    }

    /** Unasked, and somebody takes its place. */
    void exited(ChildExit exit) {
        replaced++;
        managerSlot.execute(new NamedCallback(
                "the callback for a child that is gone",
                () -> ProgramCode.guarded(
                        "onWorkerError for child " + exit.child() + " of group " + exit.group(),
                        () -> plan.hooks().childExited(exit))));
    }

    @Override
    public void startFailed(ChildPlace place, String reason) {
        if (!started.completeExceptionally(new IllegalStateException(reason)) && !stopping) {
            LOG.error("group {} cannot have more than {} children: {}", place.group(), place.index(), reason);
            resize(at(place), Math.min(place.index(), at(place).places().size()));
        }
    }

    @Override
    public void received(Child child, FromChild.Work frame) {
        supervision().requests().received(child, frame);
    }

    private Supervision supervision() {
        return Objects.requireNonNull(supervision);
    }

    /** Of the child's group. */
    GroupChildren of(Child child) {
        return at(child.place());
    }

    private GroupChildren at(ChildPlace place) {
        return Objects.requireNonNull(byIndex[place.groupIndex()]);
    }

    private OptionalLong servingSerial(ChildPlace place) {
        return at(place).serving(place.index()).stream()
                .mapToLong(Child::serial)
                .findFirst();
    }
}
