package dev.shunt.engine.manager;

import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Work;

/**
 * Who runs a group's leases: children, or slots in the manager's process. Called on the manager's main loop only; what each
 * call asks for stands at {@link Effects}.
 */
interface SlotHost {

    void lease(ChildLoad<WorkItem> child, long lease, Work<WorkItem> work);

    void takeBack(ChildLoad<WorkItem> child, int count);

    void interrupt(ChildLoad<WorkItem> child, long lease);

    boolean replace(ChildLoad<WorkItem> child, String why);

    long runningNanos(ChildLoad<WorkItem> child, long lease);
}
