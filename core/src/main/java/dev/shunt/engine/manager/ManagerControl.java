package dev.shunt.engine.manager;

import dev.shunt.control.ConnectionPage;
import dev.shunt.control.ControlException;
import dev.shunt.control.ControlPort;
import dev.shunt.control.DeadFilter;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Done;
import dev.shunt.control.Health;
import dev.shunt.control.Inspection;
import dev.shunt.control.JobInfo;
import dev.shunt.control.Measures;
import dev.shunt.control.Paging;
import dev.shunt.control.ScheduleInfo;
import dev.shunt.control.TaskFilter;
import dev.shunt.control.TaskInfo;
import dev.shunt.control.TaskPage;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.plan.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is asked of this manager and told to it, brought to its parts. Each call waits; see {@link ControlPort}. */
final class ManagerControl implements ControlPort {

    /** Of connections, in one answer. */
    private static final int MAX_GROUPS = 100;

    private static final double NANOS_PER_SECOND = 1e9;

    private final ManagerParts parts;
    private final ProgramFiles files;
    private final OnMain main;
    private final Shown shown;
    private final Inspector inspector;
    private final TaskLook tasks;
    private final DeadLook dead;
    private final DeadJobs jobs;
    private final Shutdown shutdown;
    private final GracefulStop graceful;
    private final ProgramState state;
    private final HealthCheck health;
    private final DeadEdit edit;
    private final Measuring measuring;

    /** @param bulk where what is done with many things is done */
    ManagerControl(
            ManagerParts parts, ProgramFiles files, Shutdown shutdown, ManagerEngine engine, ExecutorService bulk) {
        this.parts = parts;
        this.files = files;
        this.shutdown = shutdown;
        main = new OnMain(parts.ports().main());
        shown = new Shown(parts.plan().settings().processes().control().masks());
        graceful = new GracefulStop(parts, shutdown);
        state = new ProgramState(parts, shutdown, graceful);
        health = new HealthCheck(parts, state);
        inspector = new Inspector(parts, files, main, shown, state::name);
        measuring = new Measuring(parts, inspector, health);
        tasks = new TaskLook(parts, main, shown);
        dead = DeadLook.of(parts, shown);
        jobs = new DeadJobs(parts, main, bulk);
        edit = new DeadEdit(parts, engine, dead, main);
        parts.anyTasks()
                .all()
                .forEach(queues -> queues.settlements()
                        .whenEnded((task, outcome) -> parts.schedules().ended(task.id(), outcome)));
    }

    HealthCheck health() {
        return health;
    }

    ProgramState state() {
        return state;
    }

    /** The program serves: dead letters are looked through before anybody asks. */
    void readDeadLetters() {
        dead.begin();
    }

    // Questions

    @Override
    public Inspection status() {
        return inspector.status();
    }

    @Override
    public Measures measures() {
        return measuring.now();
    }

    @Override
    public List<Inspection.Child> children() {
        return inspector.children();
    }

    @Override
    public List<Inspection.Node> nodes() {
        return inspector.nodes();
    }

    @Override
    public TaskPage tasks(TaskFilter filter, Paging paging) {
        return tasks.list(filter, paging);
    }

    @Override
    public Optional<TaskInfo> task(long id) {
        return tasks.one(id).or(() -> dead.one(id).map(letter -> DeadLook.info(letter, shown)));
    }

    @Override
    public DeadPage dead(DeadFilter filter, Paging paging) {
        return dead.list(filter, paging);
    }

    @Override
    public List<ScheduleInfo> schedules() {
        return main.ask(parts.schedules()::seen);
    }

    @Override
    public ConnectionPage connections(Map<String, String> filter, Paging paging) {
        String text = filter.getOrDefault("text", "");
        String local = filter.getOrDefault("listener", "");
        String uid = filter.getOrDefault("uid", "");
        String group = filter.getOrDefault("group", "");
        var all = parts.connections().infos().stream()
                .filter(one -> one.remoteAddress().contains(text)
                        && one.localAddress().contains(local)
                        && (uid.isEmpty() || one.uid().equals(uid))
                        && (group.isEmpty() || one.groups().contains(group)))
                .toList();
        return new ConnectionPage(
                paging.of(all),
                paging.page(),
                paging.size(),
                all.size(),
                parts.connections().counts(),
                groupsOf(all));
    }

    private static List<ConnectionPage.Group> groupsOf(List<ConnectionInfo> connections) {
        return connections.stream()
                .flatMap(one -> one.groups().stream())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()))
                .entrySet()
                .stream()
                .map(group -> new ConnectionPage.Group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparingLong(ConnectionPage.Group::connections)
                        .reversed()
                        .thenComparing(ConnectionPage.Group::name))
                .limit(MAX_GROUPS)
                .toList();
    }

    @Override
    public Health live() {
        return health.live();
    }

    @Override
    public Health ready() {
        return health.ready(main);
    }

    @Override
    public List<JobInfo> jobs() {
        return jobs.seen();
    }

    // Actions

    @Override
    public Done dead(
            DeadAction action,
            DeadFilter filter,
            boolean dryRun,
            boolean wait,
            String actor,
            BiConsumer<Long, Done.Letters> over) {
        refuseIfStopping();
        var ids = dead.ids(filter);
        return dryRun ? Done.ofLetters(ids.size(), 0, List.of(), false) : jobs.act(action, ids, wait, actor, over);
    }

    @Override
    public boolean stopJob(long job) {
        return jobs.stop(job);
    }

    @Override
    public Done.Cancelled cancel(long taskId) {
        return tasks.cancel(taskId)
                .or(() -> cancelElsewhere(taskId))
                .orElseThrow(() -> ControlException.notFound("there is no task " + taskId
                        + " that could be cancelled: it has ended, is a dead letter (discard it), or" + " never was"));
    }

    /** On another node, if tasks are shared. */
    private Optional<Done.Cancelled> cancelElsewhere(long taskId) {
        boolean known = main.await(
                (CompletableFuture<Boolean> answer) -> parts.anyTasks().cancel(taskId, answer::complete));
        return known ? Optional.of(new Done.Cancelled(1, 1, Done.Cancelled.TOLD, null, null, null)) : Optional.empty();
    }

    @Override
    public Done.Edited edit(long taskId, Object payload) {
        refuseIfStopping();
        return edit.run(taskId, payload);
    }

    @Override
    public Done.OfGroup steerGroup(String name, Steer how) {
        var group = group(name);
        if (!group.runsTasks()) {
            throw ControlException.conflict(
                    "group '" + name + "' serves connections; only groups of tasks are paused or drained");
        }
        return main.ask(() -> {
            var queues = parts.anyTasks().of(parts.plan().indexOf(group));
            boolean changes = switch (how) {
                case PAUSE -> queues.run().pause(true);
                case DRAIN -> queues.drain(true);
                case RESUME -> {
                    boolean paused = queues.run().pause(false);
                    yield queues.drain(false) || paused;
                }
            };
            var inside = queues.run().dispatcher().inside();
            return Done.ofGroup(name, changes, inside.isPaused(), queues.isDraining());
        });
    }

    private Group group(String name) {
        return parts.plan().groups().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ControlException.notFound("there is no group '" + name + "'; there are "
                        + parts.plan().groups().stream().map(Group::name).collect(Collectors.joining(", "))));
    }

    @Override
    public Done.OfType steerType(String name, Steer how) {
        for (var queues : parts.anyTasks().all()) {
            var spec = queues.group().tasks().orElseThrow();
            for (int type = -1; type < spec.typed().size(); type++) {
                int number = type;
                if (Inspector.typeName(spec, type).equals(name)) {
                    boolean pause = how == Steer.PAUSE;
                    boolean changes = main.ask(() -> queues.run().pause(number, pause));
                    return Done.ofType(name, changes, pause);
                }
            }
        }
        throw ControlException.notFound(
                "there is no type '" + name + "'; /status lists those of which there were tasks");
    }

    @Override
    public Done.OfSchedule steerSchedule(String name, Steer how) {
        boolean pause = how == Steer.PAUSE;
        boolean changes = main.ask(() -> parts.schedules().pause(name, pause)).orElseThrow(() -> noSchedule(name));
        return Done.ofSchedule(name, changes, pause, next(name));
    }

    @Override
    public Done.Ran runSchedule(String name) {
        refuseIfStopping();
        long id = main.await((CompletableFuture<Long> answer) -> {
            if (!parts.schedules().runNow(name, answer)) {
                answer.completeExceptionally(noSchedule(name));
            }
        });
        if (id < 0) {
            throw ControlException.conflict(
                    "schedule '" + name + "' made no task: what it is to be could not be told, the log says why");
        }
        return new Done.Ran(1, 1, name, next(name), id);
    }

    private @Nullable Instant next(String name) {
        return main.ask(() -> parts.schedules().seen(name))
                .map(ScheduleInfo::next)
                .orElse(null);
    }

    private static ControlException noSchedule(String name) {
        return ControlException.notFound("there is no schedule '" + name + "'; /schedules lists those there are");
    }

    @Override
    public Done.Resized resize(String name, int count) {
        refuseIfStopping();
        var group = group(name);
        return main.ask(() -> new Resizing(parts).resize(group, count));
    }

    @Override
    public Done.Replacing reload(boolean tasksOnly) {
        refuseIfStopping();
        return main.ask(() -> {
            var places = new ArrayList<Done.Place>();
            for (var group : parts.plan().groups()) {
                var children = parts.groups().children().get(parts.plan().indexOf(group));
                if (children != null && (!tasksOnly || group.runsTasks())) {
                    children.serving()
                            .forEach(child -> places.add(
                                    new Done.Place(group.name(), child.place().index(), child.pid())));
                }
            }
            if (places.isEmpty()) {
                throw ControlException.conflict(
                        "there are no children to replace: what runs in the manager's process is"
                                + " replaced when the program is started again");
            }
            parts.reload(tasksOnly);
            return Done.ofPlaces(places);
        });
    }

    @Override
    public Done.Replacing reloadChild(long pid) {
        refuseIfStopping();
        var child = main.ask(() -> parts.children().reload(pid))
                .orElseThrow(() -> ControlException.notFound("no child of process " + pid + " serves; see /children"));
        return Done.ofPlaces(
                List.of(new Done.Place(child.place().group(), child.place().index(), pid)));
    }

    @Override
    public Done.Stopping stop(Optional<Boolean> wanted, Optional<Double> timeoutSeconds) {
        return main.ask(() -> {
            boolean before = shutdown.hasBegun();
            boolean drains = wanted.orElse(graceful.hasBegun());
            boolean changes;
            if (before) {
                changes = false;
            } else if (drains) {
                changes = graceful.begin(timeoutSeconds
                        .map(seconds -> OptionalLong.of((long) (seconds * NANOS_PER_SECOND)))
                        .orElse(OptionalLong.empty()));
            } else {
                changes = true;
                shutdown.begin();
            }
            boolean waits = drains && !before;
            double deadline = parts.plan().settings().stopDeadline().toMillis() / 1e3;
            return new Done.Stopping(
                    1,
                    changes ? 1 : 0,
                    waits ? "draining" : "stopping",
                    files.identity().pid(),
                    waits,
                    waits ? timeoutSeconds.orElse(null) : Double.valueOf(deadline),
                    graceful.waitsFor());
        });
    }

    private void refuseIfStopping() {
        if (shutdown.hasBegun()) {
            throw ControlException.conflict("the program is stopping");
        }
    }
}
