package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.Datagram;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.WorkKind;
import java.util.Optional;

/** A datagram that a slot shall handle. */
record DispatchedPacket(Packets listener, Datagram datagram) implements ConnectionWork {

    @Override
    public WorkKind kind() {
        return WorkKind.PACKET;
    }

    @Override
    public long subject() {
        return listener.index();
    }

    /** With whom it is from. */
    @Override
    public Data data() {
        return datagram.encoded();
    }

    @Override
    public int source() {
        return 0;
    }

    @Override
    public boolean isInline() {
        return true;
    }

    @Override
    public LeaseTerms terms(int localSlot) {
        return LeaseTerms.NONE;
    }

    @Override
    public Optional<Frame.ToChild> introduction(long childSerial) {
        return Optional.empty();
    }

    @Override
    public Settlement handle() {
        return HandlerRun.connection(listener.listener(), WorkKind.PACKET, listener.sender(datagram), datagram.data());
    }

    @Override
    public String toString() {
        return "a datagram from " + datagram.from() + " to " + listener;
    }
}
