package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.timer.Loop;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/** Brings what slots say to each other to where they are. Safe for use by any thread. */
record Posts(Plan plan, Groups groups, ChildMail mail, Loop main) {

    private static final Logger LOG = Log.of(Posts.class);

    /** @param source id of the slot that says it, or -1 */
    void post(Slot slot, int source, Data message) {
        Group group = plan.group(slot.group());
        if (group.placement() == Placement.CHILDREN) {
            main.execute(() -> mail.post(plan.indexOf(group), slot.index(), source, message));
        } else {
            groups.slot(group, slot.index()).execute(() -> tell(source, message));
        }
    }

    private void tell(int source, Data message) {
        try {
            plan.hooks().message(source, message);
        } catch (Exception e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", source, e);
        }
    }
}
