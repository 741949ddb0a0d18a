package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Worker;
import java.util.List;
import java.util.Objects;

/** Several workers in one program, one for each scheme, in this order; each sends back what it gets. */
public final class Switchboard {

    public static final List<String> SCHEMES = List.of("tcp", "text", "frame", "websocket", "netstring");

    private Switchboard() {}

    static void main(String[] args) {
        var options = Options.of(args);
        Worker.protocol("netstring", new Netstring());
        for (String scheme : SCHEMES) {
            new Worker(scheme + "://127.0.0.1:0")
                    .name(scheme)
                    .count(2)
                    .placement(options.placement("placement", Placement.EVENT_LOOP))
                    .maxPackageSize(options.number("max-package", 10 << 20))
                    .onConnect(connection -> greet(connection, scheme))
                    .onMessage((connection, message) -> connection.send(message))
                    .onClose(connection -> IO.println("closed " + scheme + " " + connection.remoteAddress()));
        }
        Worker.runAll();
    }

    /** What a server says first; raw bytes and frames are for tests that count bytes. */
    private static void greet(TcpConnection connection, String scheme) {
        if (scheme.equals("websocket")) {
            connection.send(
                    "welcome to " + Objects.requireNonNull(connection.worker()).name());
        }
    }
}
