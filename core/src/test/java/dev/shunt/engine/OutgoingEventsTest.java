package dev.shunt.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.protocol.TextProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutgoingEventsTest {

    private static final int MESSAGES = 50;
    private static final int MESSAGE_BYTES = 400_000;
    private static final int MAX_WAITING = (1 << 20) / MESSAGE_BYTES + 1;

    @Test
    void largeMessages_ofOneConnection_waitWithinABound() throws Exception {
        var waiting = new LinkedBlockingQueue<Runnable>();
        var received = new AtomicInteger();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var network = Network.open("test", 1, MemoryBudget.of(64 << 20))) {
            var flood = CompletableFuture.runAsync(() -> flood(server));
            Dialer.over(network)
                    .connect(
                            waiting::add,
                            Endpoint.parse("tcp://127.0.0.1:" + server.getLocalPort()),
                            new Framing(new TextProtocol()),
                            Limits.DEFAULT,
                            Optional.empty(),
                            new ConnectionHandlers() {
                                @Override
                                public void received(Connection connection, Data message) {
                                    received.incrementAndGet();
                                }
                            });
            while (received.get() < MESSAGES) {
                waiting.take().run();
                assertThat(waiting).hasSizeLessThanOrEqualTo(MAX_WAITING);
            }
            flood.join();
        }
    }

    private static void flood(ServerSocket server) {
        var message = ("x".repeat(MESSAGE_BYTES - 1) + "\n").getBytes(US_ASCII);
        try (var peer = server.accept()) {
            for (int i = 0; i < MESSAGES; i++) {
                peer.getOutputStream().write(message);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
