package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.Done;
import dev.shunt.plan.Group;
import java.util.Objects;
import java.util.stream.IntStream;

/** Gives a group more or fewer children, or slots where these are threads of this process. Lives on the main loop. */
final class Resizing {

    static final int MOST = 1_000;

    private final ManagerParts parts;

    Resizing(ManagerParts parts) {
        this.parts = parts;
    }

    /** The first step is done when this returns; children and threads come up, and end what they run, after that. */
    Done.Resized resize(Group group, int count) {
        if (count < 1 || count > MOST) {
            throw ControlException.badRequest("group '" + group.name() + "' cannot be resized to " + count
                    + ": a group has 1 to " + MOST + " children or slots");
        }
        return switch (group.placement()) {
            case CHILDREN -> children(group, count);
            case IN_PROCESS -> threads(group, count);
            case EVENT_LOOP ->
                throw ControlException.conflict("group '" + group.name()
                        + "' runs on the event loops of the manager, whose number is fixed; one that is placed in process or"
                        + " in children can be resized");
        };
    }

    private Done.Resized children(Group group, int count) {
        var children = Objects.requireNonNull(
                parts.groups().children().get(parts.plan().indexOf(group)));
        int before = children.places().size();
        if (count != before) {
            parts.children().resize(children, count);
        }
        return new Done.Resized(1, count == before ? 0 : 1, group.name(), count, parts.groups().slotsNow(group));
    }

    private Done.Resized threads(Group group, int count) {
        int before = parts.groups().slotsNow(group);
        var slots = IntStream.range(0, count)
                .mapToObj(index -> parts.plan().slot(group, index))
                .toList();
        if (!parts.groups().threads(group).orElseThrow().resize(slots)) {
            throw ControlException.conflict("the program is starting: its groups keep their slots");
        }
        return new Done.Resized(1, count == before ? 0 : 1, group.name(), null, count);
    }
}
