package dev.shunt.server;

import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpecBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server was told, as the plan that the engine runs. */
record ServerPlan(
        Endpoint endpoint,
        ServerSettings settings,
        ServerCallbacks callbacks,
        List<Port> ports,
        TaskSpecBuilder tasks,
        Map<String, TaskGroup> taskGroups) {

    static final String EVENT_GROUP = "event";
    static final String TASK_GROUP = "task";

    Plan plan() {
        callbacks.withoutEffect = settings.withoutEffect(!tasks.isEmpty(), taskGroups.values());
        int loops = settings.placement == Placement.EVENT_LOOP ? settings.eventSlots() : Settings.DEFAULT_LOOPS;
        var plan = new Plan(
                groups(),
                listeners(),
                new Settings(
                        loops,
                        settings.maxWaitTime,
                        settings.queue,
                        settings.taskLog,
                        settings.maxConnectionMemory,
                        settings.childMain,
                        settings.processes),
                callbacks);
        return settings.inProcess ? plan.inProcess() : plan;
    }

    private List<Group> groups() {
        var groups = new ArrayList<Group>();
        groups.add(new Group(
                EVENT_GROUP,
                settings.placement,
                settings.eventSlots(),
                settings.placement == Placement.CHILDREN ? settings.workerProcesses : 0,
                settings.virtualWorkers,
                settings.workerJvmOptions,
                Optional.empty(),
                slotHandler(callbacks.workerStart),
                slotHandler(callbacks.workerStop)));
        if (settings.taskWorkerNum > 0) {
            groups.add(taskGroup());
        } else {
            checkNothingRunsTasks();
        }
        var start = slotHandler(callbacks.workerStart);
        var stop = slotHandler(callbacks.workerStop);
        taskGroups.values().forEach(group -> groups.add(group.group(start, stop)));
        return groups;
    }

    private List<Listener> listeners() {
        var listeners = new ArrayList<Listener>();
        var own = callbacks.connections;
        listeners.add(listener(endpoint, settings.address, EVENT_GROUP, own.handlers(endpoint)));
        ports.forEach(port -> listeners.add(port.listener(EVENT_GROUP, settings.address, own)));
        return listeners;
    }

    /** Throws if the address is one that is encrypted, and nothing says how. */
    static Listener listener(Endpoint endpoint, AddressOptions address, String group, ConnectionHandlers handlers) {
        if (endpoint.scheme().equals("ssl") && address.options.tls().isEmpty()) {
            throw new IllegalStateException(endpoint
                    + " needs a certificate; give it with set(settings -> settings.ssl(Tls.server(chain, key)))");
        }
        if (!isFile(endpoint) && address.options.fileMode().isPresent()) {
            throw new IllegalStateException(endpoint + " is no file, so fileMode("
                    + address.options.fileMode().get() + ") means nothing there");
        }
        if (endpoint.scheme().equals("udp")) {
            var packets = new Packets();
            checkPackets(endpoint, address.options);
            return new Listener(endpoint, packets, address.limits, address.options, group, handlers);
        }
        return new Listener(endpoint, address.protocol, address.limits, address.options, group, handlers);
    }

    private static void checkPackets(Endpoint endpoint, ListenOptions options) {
        var streams = options.withMaxWaitingPackets(ListenOptions.DEFAULT.maxWaitingPackets());
        if (!streams.equals(ListenOptions.DEFAULT)) {
            throw new IllegalStateException(
                    endpoint + " is for datagrams, which have no connections: what was set for it"
                            + " means nothing there: " + streams);
        }
    }

    static boolean isFile(Endpoint endpoint) {
        return endpoint.address() instanceof Unix;
    }

    /** What a server can listen on; what is spoken there is a setting. */
    static Endpoint address(String text) {
        var endpoint = Endpoint.parse(text);
        boolean known = switch (endpoint.address()) {
            case Inet _ -> List.of("tcp", "ssl", "udp").contains(endpoint.scheme());
            case Unix _ -> List.of("unix", "ssl").contains(endpoint.scheme());
        };
        if (!known || !endpoint.path().equals("/")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is nothing to listen on; write tcp://HOST:PORT,"
                            + " ssl://HOST:PORT, udp://HOST:PORT or unix:///FILE, and what is spoken there is a setting: protocol(...)");
        }
        return endpoint;
    }

    private void checkNothingRunsTasks() {
        if (!tasks.scheduleNames().isEmpty()) {
            throw new IllegalStateException("schedules " + tasks.scheduleNames()
                    + " without task workers; set taskWorkerNum above 0, and an onTask handler");
        }
        if (!tasks.isEmpty() && !taskGroups.isEmpty()) {
            throw new IllegalStateException("the server has task handlers beside those of its groups "
                    + taskGroups.keySet() + ", but taskWorkerNum is 0; set it above 0, or move them into a group");
        }
    }

    private Group taskGroup() {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("taskWorkerNum is " + settings.taskWorkerNum
                    + " but onTask is missing; set it with server.onTask(task -> ...), or handle(SomeType.class, ...)");
        }
        tasks.maxRuns(settings.taskMaxRequest, settings.taskMaxRequestGrace);
        return new Group(
                TASK_GROUP,
                settings.taskPlacement,
                settings.taskWorkerNum,
                settings.taskChildren(),
                settings.virtualTaskWorkers,
                settings.taskJvmOptions,
                Optional.of(tasks.build()),
                slotHandler(callbacks.workerStart),
                slotHandler(callbacks.workerStop));
    }

    private static SlotHandler slotHandler(WorkerCallback callback) {
        return slot -> callback.on(slot.id());
    }
}
