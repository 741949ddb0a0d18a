package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.net.Endpoint;
import dev.shunt.netty.PacketEvents;
import dev.shunt.netty.PacketPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An address for datagrams that come from {@link ManualSender}s. */
final class ManualPackets implements PacketPort {

    private static final int FIRST_PORT = 60_001;

    private final ManualLoop loop;
    private final Endpoint endpoint;
    private final int maxBytes;
    private final PacketEvents events;
    private final List<ManualSender> senders = new ArrayList<>();
    private boolean accepts;

    ManualPackets(ManualLoop loop, Endpoint endpoint, int maxBytes, PacketEvents events) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.maxBytes = maxBytes;
        this.events = events;
    }

    ManualSender sender() {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + senders.size());
        var sender = new ManualSender(this, address);
        senders.add(sender);
        return sender;
    }

    void arrive(InetSocketAddress from, Data datagram) {
        loop.execute(() -> {
            if (!accepts) {
                return;
            }
            int length = datagram.bytes().length;
            if (length > maxBytes) {
                events.tooLong(from, length);
            } else {
                events.received(from, datagram);
            }
        });
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public ManualLoop loop() {
        return loop;
    }

    @Override
    public void accept() {
        accepts = true;
    }

    @Override
    public void stopAccepting() {
        accepts = false;
    }

    /** To nobody, if no sender has that address. */
    @Override
    public boolean send(InetSocketAddress to, Data datagram) {
        var ready = datagram.encoded();
        loop.execute(() -> senders.stream()
                .filter(sender -> sender.address().equals(to))
                .forEach(sender -> sender.arrived(ready)));
        return true;
    }

    @Override
    public void close() {
        accepts = false;
    }
}
