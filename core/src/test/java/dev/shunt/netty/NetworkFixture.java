package dev.shunt.netty;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** A network for one test, listening on the loopback address. */
final class NetworkFixture implements AutoCloseable {

    static final Limits LIMITS = new Limits(64 << 10, 256 << 10, 8, Duration.ofSeconds(5), Duration.ofSeconds(2));

    static final ApplicationProtocol WEB_SOCKET = new WebSocket(WebSocketProtocol.DEFAULT);

    final Network network;

    NetworkFixture() {
        this(Transport.best());
    }

    NetworkFixture(Transport transport) {
        this(transport, MemoryBudget.of(256 << 20));
    }

    NetworkFixture(Transport transport, MemoryBudget budget) {
        network = Network.open("test", 2, budget, transport);
    }

    ListeningSocket listen(Protocol protocol, SocketEvents events) {
        return listen(protocol, LIMITS, events);
    }

    ListeningSocket listen(Protocol protocol, Limits limits, SocketEvents events) {
        return listen(new Framing(protocol), limits, events);
    }

    ListeningSocket listen(ApplicationProtocol protocol, SocketEvents events) {
        return listen(protocol, LIMITS, events);
    }

    ListeningSocket listen(ApplicationProtocol protocol, Limits limits, SocketEvents events) {
        try {
            var listening =
                    network.bind(Endpoint.parse("test://127.0.0.1:0"), protocol, limits, ListenOptions.DEFAULT, events);
            listening.accept();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket connect(int port, Protocol protocol, SocketEvents events) {
        return connect(port, new Framing(protocol), events);
    }

    Socket connect(String address, Protocol protocol, Limits limits, SocketEvents events) {
        return connect(address, new Framing(protocol), limits, events);
    }

    Socket connect(int port, ApplicationProtocol protocol, SocketEvents events) {
        return connect("test://127.0.0.1:" + port, protocol, LIMITS, events);
    }

    Socket connect(String address, ApplicationProtocol protocol, Limits limits, SocketEvents events) {
        return network.connect(network.loop(0), Endpoint.parse(address), protocol, limits, Optional.empty(), events);
    }

    /** Returns when each loop has gone round: what had reached this machine's sockets before has been read. */
    void turn() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < network.loops(); i++) {
                try {
                    network.loop(i).executor().submit(() -> {}).get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
