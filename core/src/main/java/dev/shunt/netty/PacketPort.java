package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.net.Endpoint;
import dev.shunt.timer.Loop;
import java.net.InetSocketAddress;

/** A bound address for datagrams, as {@link PacketSocket} or what stands for it in a test. Safe for use by any thread. */
public interface PacketPort {

    /** With the actual port. */
    Endpoint endpoint();

    Loop loop();

    void accept();

    /** Nothing is received any more; answers are still sent. */
    void stopAccepting();

    /** False if so much waits to be sent that this is not. */
    boolean send(InetSocketAddress to, Data datagram);

    /** So many that came the system has thrown away, for they were not taken in time; 0 where it does not tell. */
    default long droppedBySystem() {
        return 0;
    }

    void close();
}
