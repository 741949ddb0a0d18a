package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.Worker;

/** Sends its client more than it reads, and says how much was taken, how often it was refused, and when there is room. */
public final class Flood {

    private static final int PACKETS = 400;
    private static final int PACKET_BYTES = 64 << 10;

    private Flood() {}

    static void main(String[] args) {
        new Worker("tcp://127.0.0.1:0")
                .placement(Options.of(args).placement("placement", Placement.CHILDREN))
                .onMessage((connection, _) -> {
                    int taken = 0;
                    for (int i = 0; i < PACKETS; i++) {
                        taken += connection.send(new byte[PACKET_BYTES]) ? 1 : 0;
                    }
                    IO.println("taken " + taken * (long) PACKET_BYTES);
                })
                .onError((_, code, text) -> IO.println("error " + code + " " + text))
                .onBufferDrain(_ -> IO.println("drained"));
        Worker.runAll();
    }
}
