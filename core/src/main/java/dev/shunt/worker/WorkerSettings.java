package dev.shunt.worker;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Recycling;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.Sockets;
import dev.shunt.plan.TaskSpec;
import dev.shunt.plan.TaskSpecBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a worker was told, and what it becomes in the plan: a group, and a listener if it has an address. */
final class WorkerSettings {

    /** Where a worker listens, and what is spoken there. */
    record Address(Endpoint endpoint, ApplicationProtocol protocol) {

        static Address of(String text) {
            var endpoint = Endpoint.parse(text);
            return new Address(endpoint, Program.protocolToListen(endpoint));
        }
    }

    private static final Set<String> ENCRYPTED = Set.of("ssl", "https");

    private final Optional<Address> address;
    private final ConnectionHandlers handlers;
    private final SlotHandler started;
    private final SlotHandler stopped;

    /** What it was told about HTTP; the face says it. */
    @Nullable FaceState<?> state;

    final TaskSpecBuilder tasks = FaceState.tasks();
    final FaceCallbacks shared = new FaceCallbacks();

    String name = "none";
    int count = 1;
    int processes;
    Placement placement = Placement.CHILDREN;
    Sockets sockets = Sockets.IN_MANAGER;
    boolean virtual;
    List<String> jvmOptions = List.of();
    Recycling recycling = Recycling.NEVER;
    Limits limits = Limits.DEFAULT;
    ListenOptions options = ListenOptions.DEFAULT;

    /** Whether something was set that hears of connections. */
    boolean hearsOfConnections;

    /** Its program has come to the point at which it ran. */
    volatile boolean ran;

    /** Its program has ended. */
    volatile boolean over;

    WorkerSettings(Optional<Address> address, ConnectionHandlers handlers, SlotHandler started, SlotHandler stopped) {
        this.address = address;
        this.handlers = handlers;
        this.started = started;
        this.stopped = stopped;
    }

    /** Throws if what it is told now would have no effect any more. */
    void refuseLate(String call) {
        Program.refuseIfRunning(call);
        refuseIfOver(call);
    }

    void refuseIfOver(String call) {
        if (over) {
            throw new IllegalStateException(
                    call + " comes too late: worker " + groupName() + " has run, and runs once; construct another one");
        }
    }

    Optional<Endpoint> endpoint() {
        return address.map(Address::endpoint);
    }

    String groupName() {
        return name.equals("none") ? endpoint().map(Endpoint::toString).orElse(name) : name;
    }

    boolean runsTasks() {
        return !tasks.isEmpty() || !tasks.scheduleNames().isEmpty();
    }

    void withoutEffect(WithoutEffect none, boolean inProcess) {
        boolean here = inProcess || placement != Placement.CHILDREN;
        String why = "the slots of worker " + groupName() + " are in this process";
        none.add(here && processes != 0, "processes(" + processes + ")", why)
                .add(here && !jvmOptions.isEmpty(), "jvmOptions(...)", why)
                .add(here && tasks.maxRuns() != 0, "taskMaxRequest(" + tasks.maxRuns() + ")", why)
                .add(here && !recycling.equals(Recycling.NEVER), "maxRequest, maxMemory", why)
                .add(here && sockets == Sockets.IN_CHILD, "sockets(IN_CHILD)", why)
                .add(virtual && placement == Placement.EVENT_LOOP, "virtual(true)", "on event loops");
        String noTasks = "worker " + groupName() + " runs no tasks";
        none.add(!here && !runsTasks() && tasks.maxRuns() != 0, "taskMaxRequest(" + tasks.maxRuns() + ")", noTasks);
        String silent = "worker " + groupName() + " listens nowhere";
        boolean packets = address.map(at -> !at.protocol().hasConnections()).orElse(false);
        none.add(address.isEmpty() && sockets == Sockets.IN_CHILD, "sockets(IN_CHILD)", silent)
                .add(packets && sockets == Sockets.IN_CHILD, "sockets(IN_CHILD)", "datagrams have no connections")
                .add(address.isEmpty() && !limits.equals(Limits.DEFAULT), "maxPackageSize, maxSendBufferSize", silent)
                .add(address.isEmpty() && !options.equals(ListenOptions.DEFAULT), options.toString(), silent)
                .add(address.isEmpty() && (hearsOfConnections || isWeb()), "callbacks for connections", silent);
    }

    boolean speaksHttp() {
        return address.map(at -> at.protocol().hasRequests()).orElse(false);
    }

    private boolean isWeb() {
        return state != null && state.web().isUsed();
    }

    Group group() {
        return new Group(
                groupName(),
                placement,
                count,
                placement == Placement.CHILDREN ? children() : 0,
                virtual,
                jvmOptions,
                runsTasks() ? Optional.of(taskSpec()) : Optional.empty(),
                started,
                stopped,
                recycling);
    }

    Optional<Listener> listener() {
        return address.map(this::listener);
    }

    private Listener listener(Address at) {
        if (ENCRYPTED.contains(at.endpoint().scheme()) && options.tls().isEmpty()) {
            throw new IllegalStateException(
                    at.endpoint() + " needs a certificate; give it with worker.ssl(Tls.server(chain, key))");
        }
        if (at.endpoint().address() instanceof Endpoint.Inet
                && options.fileMode().isPresent()) {
            throw new IllegalStateException(at.endpoint() + " is no file, so fileMode("
                    + options.fileMode().get() + ") means nothing there");
        }
        if (!at.protocol().hasConnections()
                && !options.withMaxWaitingPackets(1).equals(ListenOptions.DEFAULT.withMaxWaitingPackets(1))) {
            throw new IllegalStateException(at.endpoint() + " is for datagrams, which have no connections: what was set"
                    + " for it means nothing there: " + options);
        }
        var face = Objects.requireNonNull(state);
        var spoken = face.web().spoken(Optional.of(at.protocol()), at.protocol(), false);
        face.web().refuseUnheard(spoken.hasRequests(), "worker " + at.endpoint());
        return new Listener(
                at.endpoint(),
                spoken,
                limits,
                options,
                groupName(),
                face.web().handlers(spoken, handlers, face),
                sockets);
    }

    private int children() {
        return processes != 0 ? processes : runsTasks() ? Group.taskProcesses(count) : 1;
    }

    private TaskSpec taskSpec() {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("schedules " + tasks.scheduleNames() + " on worker " + groupName()
                    + ", which runs no tasks; give it onTask, or handle(SomeType.class, ...)");
        }
        return tasks.build();
    }
}
