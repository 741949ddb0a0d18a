package dev.shunt.plan;

import java.util.List;
import java.util.Optional;

/**
 * A named set of slots with one job: the connections of listeners, or tasks if it says what to do with them.
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
        Optional<TaskSpec> tasks,
        SlotHandler onStart,
        SlotHandler onStop,
        Recycling recycling) {

    /** Its children are not replaced but by what {@link TaskSpec} says. */
    public Group(
            String name,
            Placement placement,
            int slots,
            int processes,
            boolean virtual,
            List<String> jvmOptions,
            Optional<TaskSpec> tasks,
            SlotHandler onStart,
            SlotHandler onStop) {
        this(name, placement, slots, processes, virtual, jvmOptions, tasks, onStart, onStop, Recycling.NEVER);
    }

    /** Each has a place in a file, and a thread. */
    private static final int MAX_SLOTS = 100_000;

    public Group {
        jvmOptions = List.copyOf(jvmOptions);
        if (slots > MAX_SLOTS) {
            throw new IllegalArgumentException(
                    "group " + name + " has " + slots + " slots; give " + MAX_SLOTS + " or fewer");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("group " + name + " has " + slots + " slots; at least 1 is needed");
        }
        if (placement == Placement.CHILDREN ? processes < 1 || processes > slots : processes != 0) {
            throw new IllegalArgumentException("group " + name + " has " + processes + " processes for " + slots
                    + " slots; give 1 to " + slots + " for children, 0 elsewhere");
        }
        if (placement == Placement.EVENT_LOOP && tasks.isPresent()) {
            throw new IllegalArgumentException(
                    "group " + name
                            + " has a task handler on an event loop, where nothing may block; place it in process or in children");
        }
    }

    /** Throws {@link IllegalArgumentException} if this group has no slot of that index. */
    public void checkSlot(int index) {
        checkSlot(index, slots);
    }

    /** As above, of a group that has been resized to so many slots. */
    public void checkSlot(int index, int count) {
        if (index >= count) {
            throw new IllegalArgumentException(
                    "there is no slot " + index + " in group " + name + "; its slots are 0 to " + (count - 1));
        }
    }

    /** How many children host so many slots for tasks, unless the program says so itself. */
    public static int taskProcesses(int slots) {
        return Math.min(slots, Runtime.getRuntime().availableProcessors());
    }

    public boolean runsTasks() {
        return tasks.isPresent();
    }

    public Group recycled(Recycling when) {
        return new Group(name, placement, slots, processes, virtual, jvmOptions, tasks, onStart, onStop, when);
    }

    /** The same group without children, for debugging and unit tests. */
    Group inProcess() {
        return placement == Placement.CHILDREN
                ? new Group(name, Placement.IN_PROCESS, slots, 0, virtual, List.of(), tasks, onStart, onStop)
                : this;
    }

    /**
     * How many slots child {@code child} hosts; the first children take one more if it does not come out even. One beyond those
     * of the plan, in a group that has been resized, has as many as the first.
     */
    public int slotsOf(int child) {
        return child >= processes ? slotsOf(0) : slots / processes + (child < slots % processes ? 1 : 0);
    }

    /** Which child hosts the slot of that index. */
    public int childOf(int slot) {
        int child = 0;
        while (firstSlotOf(child) + slotsOf(child) <= slot) {
            child++;
        }
        return child;
    }

    /** Index of the first slot that child {@code child} hosts. */
    public int firstSlotOf(int child) {
        return child > processes
                ? slots + (child - processes) * slotsOf(0)
                : child * (slots / processes) + Math.min(child, slots % processes);
    }
}
