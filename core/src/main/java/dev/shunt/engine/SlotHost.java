package dev.shunt.engine;

import dev.shunt.dispatch.Work;

/** Who runs a group's leases: children, or slots in the manager's process. Called on the manager's main loop only. */
interface SlotHost {

    void lease(int child, long lease, Work<Errand> work);

    void takeBack(int child, int count);
}
