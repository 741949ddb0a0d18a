package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.WorkKind;
import java.util.Optional;

/** What work is about, a task or an event of a connection, as far as it matters on its way to a child. */
interface WorkItem {

    WorkKind kind();

    /** The number of the task or of the connection. */
    long subject();

    Data data();

    /** Id of the slot that asked for it, or 0. */
    int source();

    /** Whether its data travels in its frame. */
    boolean isInline();

    /** @param localSlot of the child that gets it, if only that one may run it; else -1 */
    LeaseTerms terms(int localSlot);

    /** What a child must have been told before it gets this; of each child it is asked once, right before it is told. */
    Optional<Frame.ToChild> introduction(long childSerial);
}
