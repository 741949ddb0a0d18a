package dev.shunt.plan;

import dev.shunt.task.TaskHandler;
import java.util.List;
import java.util.Optional;

/**
 * A named set of slots with one job: the connections of listeners, or tasks if it has a task handler.
 *
 * @param processes how many children host the slots, at most one per slot; 0 unless the placement is {@code CHILDREN}
 * @param virtual whether slots are virtual threads
 * @param jvmOptions for the group's children, after and so above the defaults
 */
public record Group(
        String name,
        Placement placement,
        int slots,
        int processes,
        boolean virtual,
        List<String> jvmOptions,
        Optional<TaskHandler> task,
        SlotHandler onStart,
        SlotHandler onStop) {

    public Group {
        jvmOptions = List.copyOf(jvmOptions);
        if (slots < 1) {
            throw new IllegalArgumentException("group " + name + " has " + slots + " slots; at least 1 is needed");
        }
        if (placement == Placement.CHILDREN ? processes < 1 || processes > slots : processes != 0) {
            throw new IllegalArgumentException("group " + name + " has " + processes + " processes for " + slots
                    + " slots; give 1 to " + slots + " for children, 0 elsewhere");
        }
        if (placement == Placement.EVENT_LOOP && task.isPresent()) {
            throw new IllegalArgumentException(
                    "group " + name
                            + " has a task handler on an event loop, where nothing may block; place it in process or in children");
        }
    }

    public boolean runsTasks() {
        return task.isPresent();
    }

    /** The same group without children, for debugging and unit tests. */
    Group inProcess() {
        return placement == Placement.CHILDREN
                ? new Group(name, Placement.IN_PROCESS, slots, 0, virtual, List.of(), task, onStart, onStop)
                : this;
    }

    /** How many slots child {@code child} hosts; the first children take one more if it does not come out even. */
    public int slotsOf(int child) {
        return slots / processes + (child < slots % processes ? 1 : 0);
    }

    /** Index of the first slot that child {@code child} hosts. */
    public int firstSlotOf(int child) {
        return child * (slots / processes) + Math.min(child, slots % processes);
    }
}
