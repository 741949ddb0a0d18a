package dev.shunt.netty;

import dev.shunt.data.Data;
import java.net.InetSocketAddress;

/** What happens on a socket for datagrams, on its loop's thread. */
public interface PacketEvents {

    void received(InetSocketAddress from, Data datagram);

    /** One was longer than is allowed, and has been thrown away. */
    void tooLong(InetSocketAddress from, int bytes);

    /** One was not sent: too much waited, or the system did not take it. */
    void unsent();
}
