package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.Worker;
import java.util.function.BooleanSupplier;

/** Sends its client more than it reads, and says how much was taken, how often it was refused, and when there is room. */
public final class Flood {

    private static final int PACKETS = 400;
    private static final int PACKET_BYTES = 64 << 10;

    private Flood() {}

    static void main(String[] args) {
        var flood = new Worker("tcp://127.0.0.1:0")
                .placement(Options.of(args).placement("placement", Placement.CHILDREN))
                .onError((_, code, text) -> IO.println("error " + code + " " + text));
        var elsewhere = new Worker().name("elsewhere");
        flood.onMessage((connection, message) -> {
            switch (message.text()) {
                case "until refused" -> untilRefused(() -> connection.send(new byte[PACKET_BYTES]));
                case "from elsewhere" -> elsewhere.sendMessage(connection.id(), 1);
                default -> flood(() -> connection.send(new byte[PACKET_BYTES]));
            }
        });
        elsewhere.onPipeMessage(
                (_, id) -> untilRefused(() -> elsewhere.send(Long.parseLong(id.text()), new byte[PACKET_BYTES])));
        flood.onBufferDrain(connection -> IO.println("drained, takes more: " + connection.send("more")));
        Worker.runAll();
    }

    private static void flood(BooleanSupplier send) {
        int taken = 0;
        for (int i = 0; i < PACKETS; i++) {
            taken += send.getAsBoolean() ? 1 : 0;
        }
        IO.println("taken " + taken * (long) PACKET_BYTES);
    }

    private static void untilRefused(BooleanSupplier send) {
        int taken = 0;
        while (send.getAsBoolean()) {
            taken++;
        }
        IO.println("refused after " + taken * (long) PACKET_BYTES);
    }
}
