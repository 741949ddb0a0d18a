package dev.shunt.testkit;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Who sends datagrams to a program that a {@link ManualEngine} runs, and gets what it sends back. What it does happens when
 * the engine runs next. Not safe for use by several threads.
 */
public final class ManualSender {

    private final ManualPackets port;
    private final InetSocketAddress address;
    private final List<Data> datagrams = new ArrayList<>();

    ManualSender(ManualPackets port, InetSocketAddress address) {
        this.port = port;
        this.address = address;
    }

    /** Its own; each sender has another port. */
    public InetSocketAddress address() {
        return address;
    }

    /** Text, bytes, or an object, which travels as JSON. */
    public void send(Object datagram) {
        port.arrive(address, Data.received(Data.Kind.BYTES, Data.of(datagram).bytes(), Codec.json()));
    }

    /** What the program has sent here. */
    public List<String> received() {
        return datagrams.stream().map(Data::text).toList();
    }

    void arrived(Data datagram) {
        datagrams.add(datagram);
    }
}
