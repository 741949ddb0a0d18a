package dev.shunt.plan;

import dev.shunt.data.Codec;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * What shall run: groups of slots, listeners, settings. Immutable; built by a face, run by the engine. Every process of a
 * program builds the same plan by running the same {@code main}; {@link #shape} is how they make sure.
 *
 * @param taskTypes which of the groups runs what
 */
public record Plan(List<Group> groups, TaskTypes taskTypes, List<Listener> listeners, Settings settings, Hooks hooks) {

    public Plan(List<Group> groups, List<Listener> listeners, Settings settings, Hooks hooks) {
        this(groups, new TaskTypes(groups, settings.codec()), listeners, settings, hooks);
    }

    public Plan {
        groups = List.copyOf(groups);
        listeners = List.copyOf(listeners);
        var names = new HashSet<String>();
        for (var group : groups) {
            if (group.placement() == Placement.EVENT_LOOP && group.slots() > settings.loops()) {
                throw new IllegalArgumentException("group " + group.name() + " wants " + group.slots()
                        + " event loops, the program has " + settings.loops());
            }
            if (!names.add(group.name())) {
                throw new IllegalArgumentException(
                        "two groups are named '" + group.name() + "'; give each its own name");
            }
        }
        for (var listener : listeners) {
            if (!names.contains(listener.group())) {
                throw new IllegalArgumentException(
                        listener.endpoint() + " names group '" + listener.group() + "', which does not exist");
            }
            if (listener.options().handlerTimeout().isPresent() && isOnLoops(groups, listener.group())) {
                throw new IllegalStateException("a time limit for the handlers of " + listener.endpoint()
                        + ", which run on event loops, where nothing can be interrupted: run them on slots, by"
                        + " placement(IN_PROCESS) or placement(CHILDREN)");
            }
        }
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("nothing to run: the plan has no group");
        }
        taskTypes.check();
    }

    private static boolean isOnLoops(List<Group> groups, String name) {
        return groups.stream()
                .anyMatch(group -> group.name().equals(name) && group.placement() == Placement.EVENT_LOOP);
    }

    /** Whether children have the sockets of its connections. Datagrams are always received by the manager. */
    public boolean hasSocketsInChildren(Listener listener) {
        return listener.sockets() == Sockets.IN_CHILD
                && listener.protocol().hasConnections()
                && group(listener.group()).placement() == Placement.CHILDREN;
    }

    /** Of whatever a task or a message between slots carries. */
    public Codec codec() {
        return settings.codec();
    }

    public Shape shape() {
        return Shape.of(this);
    }

    /** The groups that run tasks. */
    public List<Group> taskGroups() {
        return groups.stream().filter(Group::runsTasks).toList();
    }

    public int indexOf(Group group) {
        return groups.indexOf(group);
    }

    public Group group(String name) {
        return groups.stream().filter(g -> g.name().equals(name)).findFirst().orElseThrow();
    }

    /**
     * The slot at {@code index} of a group; ids count through the groups, those with connections first. Of a group that has been
     * resized, those beyond the plan's have ids beyond the plan's, one of each group in turn.
     */
    public Slot slot(Group group, int index) {
        if (index >= group.slots()) {
            int beyond = (index - group.slots()) * groups.size() + groups.indexOf(group);
            return new Slot(group.name(), slots() + beyond, index);
        }
        int first = 0;
        for (var other : groups) {
            boolean before = other.runsTasks() == group.runsTasks()
                    ? groups.indexOf(other) < groups.indexOf(group)
                    : group.runsTasks();
            first += before ? other.slots() : 0;
        }
        return new Slot(group.name(), first + index, index);
    }

    /** The slot of that id; throws {@link IllegalArgumentException} if there is none. */
    public Slot slot(int id) {
        for (var group : groups) {
            int index = id - slot(group, 0).id();
            if (index >= 0 && index < group.slots()) {
                return new Slot(group.name(), id, index);
            }
        }
        throw noSlot(id);
    }

    /** As above, where groups may have been resized. */
    public Slot slot(int id, ToIntFunction<? super Group> slotsNow) {
        int beyond = id - slots();
        if (beyond < 0) {
            var slot = slot(id);
            return checked(id, slot, group(slot.group()), slotsNow);
        }
        var group = groups.get(beyond % groups.size());
        return checked(id, slot(group, group.slots() + beyond / groups.size()), group, slotsNow);
    }

    private Slot checked(int id, Slot slot, Group group, ToIntFunction<? super Group> slotsNow) {
        if (slot.index() >= slotsNow.applyAsInt(group)) {
            throw noSlot(id);
        }
        return slot;
    }

    private IllegalArgumentException noSlot(int id) {
        return new IllegalArgumentException("there is no worker " + id + "; ids are 0 to " + (slots() - 1));
    }

    /** Of all groups, before any is resized. */
    private int slots() {
        return groups.stream().mapToInt(Group::slots).sum();
    }

    /** Whether the slot is one that runs tasks. */
    public boolean runsTasks(Slot slot) {
        return group(slot.group()).runsTasks();
    }

    /** Where the first listener for datagrams stands in the plan, if there is one. */
    public OptionalInt packetListener() {
        return IntStream.range(0, listeners.size())
                .filter(index -> !listeners.get(index).protocol().hasConnections())
                .findFirst();
    }

    /** The same plan with every slot in the manager's process. */
    public Plan inProcess() {
        return new Plan(groups.stream().map(Group::inProcess).toList(), listeners, settings, hooks);
    }
}
