package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.protocol.TextProtocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.group.DefaultChannelGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.shunt.netty.StreamSocketTest#transports")
class ConnectTest {

    private static final Limits HASTY = NetworkFixture.LIMITS.withConnectTimeout(Duration.ofMillis(300));

    private final NetworkFixture fixture;
    private final RecordedEvents events = new RecordedEvents();

    ConnectTest(Transport transport) {
        fixture = new NetworkFixture(transport);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void send_beforeOpen_isKeptInOrder() {
        var server = RecordedEvents.echoing();
        var socket = fixture.connect(fixture.listen(new TextProtocol(), server).port(), new TextProtocol(), events);
        assertThat(socket.send(Data.of("1\n"))).isTrue();
        assertThat(socket.send(Data.of("2\n"))).isTrue();
        events.nextOpened();
        assertThat(socket.send(Data.of("3\n"))).isTrue();

        for (String expected : new String[] {"1\n", "2\n", "3\n"}) {
            assertThat(events.nextReceived().text()).isEqualTo(expected);
        }
        assertThat(socket.peer().connectionId()).isEqualTo(-1);
        assertThat(socket.peer().remoteHost()).isEqualTo("127.0.0.1");
        assertThat(socket.peer().localPort()).isPositive();
        socket.close();
        assertThat(events.nextClosing()).isEqualTo("closed here");
    }

    @Test
    void send_beforeOpen_isBounded() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var limits = NetworkFixture.LIMITS.withMaxSendBytes(1_000);
            var socket = fixture.connect("ws://127.0.0.1:" + silent.getLocalPort(), WEB_SOCKET, limits, events);

            assertThat(socket.send(Data.of(new byte[999]))).isTrue();
            assertThat(socket.send(Data.of("xx"))).isTrue();
            assertThat(socket.send(Data.of("x"))).isFalse();
        }
    }

    @Test
    void refused_isReportedWithTheAddress() throws IOException {
        int port = unusedPort();
        var socket = fixture.connect(port, new TextProtocol(), events);

        assertThat(events.nextFailure())
                .isEqualTo("cannot connect to test://127.0.0.1:" + port + ": connection refused");
        assertThat(events.nextClosing()).contains("connection refused");
        assertThat(events.log).containsExactly("failed", "closed");
        assertThat(socket.send(Data.of("late"))).isFalse();
    }

    @Test
    void hostWithoutAddress_isReported() {
        fixture.connect("test://no..host:80", new TextProtocol(), NetworkFixture.LIMITS, events);

        assertThat(events.nextFailure())
                .isEqualTo("cannot connect to test://no..host:80: the host name no..host cannot be resolved");
        events.nextClosing();
    }

    @Test
    void silentServer_isGivenUpInTime() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var filling = new ArrayList<SocketChannel>();
            for (int i = 0; i < 5; i++) {
                var channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
                filling.add(channel);
            }
            fixture.connect("test://127.0.0.1:" + server.getLocalPort(), new TextProtocol(), HASTY, events);

            assertThat(events.nextFailure()).endsWith(": not open within 300 ms");
            events.nextClosing();
            for (var channel : filling) {
                channel.close();
            }
        }
    }

    @Test
    void silentWebSocketServer_isGivenUpInTime() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fixture.connect("ws://127.0.0.1:" + server.getLocalPort(), WEB_SOCKET, HASTY, events);
            try (var peer = new RawClient(server.accept())) {
                assertThat(events.nextFailure()).endsWith(": not open within 300 ms");
                peer.readToEnd();
            }
        }
    }

    @Test
    void processWithoutDescriptors_isReportedAtOnce() {
        var loop = fixture.network.loop(0);
        var spec = new SocketSpec(
                Endpoint.parse("test://127.0.0.1:1"),
                new Framing(new TextProtocol()),
                NetworkFixture.LIMITS,
                events,
                MemoryBudget.of(1 << 20),
                new OpenRequests(),
                Spool.temporary(),
                SocketSpec.noneOpen());
        var socket = new ChannelSocket(spec, loop, Peers.expected(spec.endpoint(), -1));
        Supplier<Channel> noChannels = () -> {
            throw new ChannelException("cannot create", new IOException("Too many open files"));
        };
        var nio = Transport.nio();
        var none = new Transport(
                nio.ioHandlers(),
                noChannels,
                nio.serverSocket(),
                noChannels,
                nio.unixServerSocket(),
                nio.unixAddress(),
                nio.packetSocket(),
                nio.adoption());
        var dial =
                new Dial(socket.lifecycle(), spec, none, Descriptors.of(1024), new DefaultChannelGroup(loop.netty()));
        loop.execute(() -> dial.start(new Resolver("unused"), Optional.empty()));

        assertThat(events.nextFailure()).isEqualTo("cannot connect to test://127.0.0.1:1: Too many open files");
        events.nextClosing();
    }

    @RepeatedTest(20)
    void close_beforeOpen_reportsOnlyClosed() {
        int port = fixture.listen(new TextProtocol(), new RecordedEvents()).port();
        var socket = fixture.connect(port, new TextProtocol(), events);
        socket.close();

        assertThat(events.nextClosing()).isEqualTo("closed here");
        fixture.turn();
        assertThat(events.log).doesNotContain("failed").endsWith("closed");
        assertThat(events.log.stream().filter("closed"::equals)).hasSize(1);
    }

    @Test
    void localhost_triesAllItsAddresses() {
        int port = fixture.listen(new TextProtocol(), RecordedEvents.echoing()).port();
        var socket = fixture.connect("test://localhost:" + port, new TextProtocol(), NetworkFixture.LIMITS, events);
        socket.send(Data.of("x\n"));

        assertThat(events.nextReceived().text()).isEqualTo("x\n");
    }

    @Test
    void serverGoneMidway_isReported() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fixture.connect(server.getLocalPort(), new TextProtocol(), events);
            new RawClient(server.accept()).send("half a li").close();

            assertThat(events.nextClosing()).isEqualTo("closed by the peer");
            assertThat(events.log).containsExactly("opened", "inputEnded", "closed");
        }
    }

    @Test
    void pathThatIsNoPath_isRefusedAtOnce() {
        var endpoint = new Endpoint("ws", "localhost", 80, "/a b\r\nX: y");
        assertThatThrownBy(() -> fixture.network.connect(
                        fixture.network.loop(0), endpoint, WEB_SOCKET, HASTY, Optional.empty(), events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("percent-encoded");
    }

    @Test
    void connect_afterTheEnd_isRefused() {
        fixture.close();
        assertThatThrownBy(() -> fixture.connect(80, new TextProtocol(), events))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot connect to test://127.0.0.1:80: the network is closed");
    }

    private static int unusedPort() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }
}
