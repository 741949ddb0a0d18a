package dev.shunt.engine.manager;

import dev.shunt.engine.slots.Settlement;

/** What slots do for those who connect: an event of a connection, or a datagram. */
sealed interface ConnectionWork extends WorkItem permits DispatchedConnection.Event, DispatchedPacket {

    /** On a slot of this process. */
    Settlement handle();
}
