package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.Datagram;
import dev.shunt.engine.PacketConnection;
import dev.shunt.log.Log;
import dev.shunt.netty.PacketEvents;
import dev.shunt.netty.PacketPort;
import dev.shunt.plan.Listener;
import dev.shunt.task.Outcome;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A listener for datagrams: what has come is given to its group's slots, or to its event loop. Any thread. */
final class Packets implements PacketEvents {

    private static final Logger LOG = Log.of(Packets.class);

    private final Listener listener;
    private final int index;
    private final PacketCounts counts;
    private final BiConsumer<Packets, Datagram> handling;
    private @Nullable PacketPort socket;

    /**
     * @param index in the plan
     * @param handling on the loop's thread
     */
    Packets(Listener listener, int index, PacketCounts counts, BiConsumer<Packets, Datagram> handling) {
        this.listener = listener;
        this.index = index;
        this.counts = counts;
        this.handling = handling;
    }

    /** Before anything is received. */
    void boundTo(PacketPort bound) {
        socket = bound;
        counts.asks(bound::droppedBySystem);
    }

    /** The handler of one has ended, or it never had its turn. */
    void over(Outcome outcome) {
        counts.over();
        if (outcome == Outcome.REJECTED || outcome == Outcome.LOST) {
            counts.dropped();
        }
    }

    Listener listener() {
        return listener;
    }

    int index() {
        return index;
    }

    PacketPort socket() {
        return Objects.requireNonNull(socket, "not bound yet");
    }

    PacketConnection sender(Datagram datagram) {
        return new PacketConnection(datagram.from(), socket().endpoint(), this::send);
    }

    boolean send(InetSocketAddress to, Data datagram) {
        return socket().send(to, datagram);
    }

    @Override
    public void received(InetSocketAddress from, Data datagram) {
        counts.received();
        handling.accept(this, new Datagram(from, datagram));
    }

    @Override
    public void tooLong(InetSocketAddress from, int bytes) {
        counts.received();
        counts.dropped();
        LOG.debug("{}: a datagram of {} bytes from {} is longer than allowed", this, bytes, from);
    }

    @Override
    public void unsent() {
        counts.unsent();
    }

    @Override
    public String toString() {
        return listener.endpoint().toString();
    }
}
