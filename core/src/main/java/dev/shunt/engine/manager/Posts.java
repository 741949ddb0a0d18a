package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.MessageRoom;
import dev.shunt.engine.NamedCallback;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.timer.Loop;
import org.slf4j.Logger;

/** Brings what slots say to each other to where they are. Safe for use by any thread. */
record Posts(Plan plan, Groups groups, ChildMail mail, Loop main, MessageRoom room) {

    private static final Logger LOG = Log.of(Posts.class);

    /**
     * @param source id of the slot that says it, or -1
     * @return false if the slot is in this process and as much waits for it as may
     */
    boolean post(Slot slot, int source, Data message) {
        Group group = plan.group(slot.group());
        if (group.placement() == Placement.CHILDREN) {
            main.execute(() -> mail.post(plan.indexOf(group), slot.index(), source, message));
            return true;
        }
        int bytes = message.size();
        if (!room.take(slot.id(), bytes)) {
            return false;
        }
        groups.slot(group, slot.index())
                .execute(new NamedCallback("the callback for messages from other workers", () -> {
                    room.free(slot.id(), bytes);
                    tell(source, message);
                }));
        return true;
    }

    private void tell(int source, Data message) {
        try {
            plan.hooks().message(source, message);
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", source, e);
        }
    }
}
