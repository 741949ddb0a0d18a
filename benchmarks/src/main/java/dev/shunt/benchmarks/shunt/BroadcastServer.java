package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;

/** A line to everyone for each line of anyone. The second argument is that line, the third a placement. */
public final class BroadcastServer {

    private BroadcastServer() {}

    public static void main(String... args) {
        var server = new Server(Listening.HOST, Integer.parseInt(args[0]));
        server.set(settings -> settings.protocol(new TextProtocol()).placement(Placement.valueOf(args[2])));
        server.onReceive((_, _) -> server.sendToAll(args[1]));
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }
}
