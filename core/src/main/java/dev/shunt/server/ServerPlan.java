package dev.shunt.server;

import dev.shunt.calls.FaceState;
import dev.shunt.calls.OwnProcess;
import dev.shunt.net.Endpoint;
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
        List<Listener> others,
        TaskSpecBuilder tasks,
        FaceState<?> face,
        Map<String, TaskGroup> taskGroups,
        Map<String, OwnProcess> processes) {

    static final String EVENT_GROUP = "event";
    static final String TASK_GROUP = "task";

    Plan plan() {
        callbacks.warnOf(settings.withoutEffect(!tasks.isEmpty(), taskGroups.values()));
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
                                settings.processes)
                        .withTaskQueue(settings.taskQueue)
                        .withCodec(settings.codec)
                        .withShared(settings.sharedLimit),
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
                slotHandler(callbacks.workerStop),
                settings.recycling));
        if (settings.taskWorkerNum > 0) {
            groups.add(taskGroup());
        } else {
            checkNothingRunsTasks();
        }
        var start = slotHandler(callbacks.workerStart);
        var stop = slotHandler(callbacks.workerStop);
        taskGroups.values().forEach(group -> groups.add(group.group(start, stop)));
        processes.forEach((name, own) -> groups.add(process(name, own)));
        return groups;
    }

    private List<Listener> listeners() {
        var listeners = new ArrayList<Listener>();
        var own = callbacks.connections;
        var web = face.web();
        listeners.add(Addresses.listener(endpoint, settings.address, own, web, face));
        listeners.addAll(others);
        boolean portsHear = others.stream().anyMatch(port -> !port.protocol().hasRequests());
        if (own.hasUnheard(listeners.getFirst().protocol()) && !portsHear) {
            throw AddressCallbacks.unheard(endpoint);
        }
        web.refuseUnheard(
                listeners.stream().anyMatch(listener -> listener.protocol().hasRequests()),
                "the server on " + endpoint.hostAndPort());
        return listeners;
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
                slotHandler(callbacks.workerStop),
                settings.taskRecycling);
    }

    private static Group process(String name, OwnProcess own) {
        return new Group(
                name, Placement.CHILDREN, 1, 1, false, List.of(), Optional.empty(), _ -> own.start(), _ -> own.stop());
    }

    private static SlotHandler slotHandler(WorkerCallback callback) {
        return slot -> callback.on(slot.id());
    }
}
