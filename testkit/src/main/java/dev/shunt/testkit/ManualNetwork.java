package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.engine.Dialer;
import dev.shunt.engine.OutgoingEvents;
import dev.shunt.engine.WaitingMessages;
import dev.shunt.engine.manager.Listeners;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.net.Tls;
import dev.shunt.netty.PacketEvents;
import dev.shunt.netty.PacketPort;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** The addresses that a program listens on, and connections to these and no others. */
final class ManualNetwork implements Listeners.Binder, Dialer {

    private static final int FIRST_PORT = 49_152;
    private static final String HERE = "127.0.0.1";

    private final List<ManualLoop> loops;
    private final Map<Integer, Address> addresses = new TreeMap<>();
    private final Map<Integer, ManualPackets> packets = new TreeMap<>();
    private final WaitingMessages waiting = new WaitingMessages(Settings.DEFAULT_CONNECTION_MEMORY);
    private long accepted;
    private long dialled;

    ManualNetwork(List<ManualLoop> loops) {
        this.loops = loops;
    }

    /** An address that is listened on. */
    private final class Address implements Listeners.Bound {

        private final Listener listener;
        private final SocketEvents events;
        private final List<ManualSocket> sockets = new ArrayList<>();
        private boolean accepts;

        Address(Listener listener, SocketEvents events) {
            this.listener = listener;
            this.events = events;
        }

        ManualSocket accepted() {
            long id = ++accepted;
            var loop = loops.get((int) (id % loops.size()));
            var own = listener.endpoint();
            var peer = switch (own.address()) {
                case Inet(var host, int port) -> new Peer(id, HERE, FIRST_PORT + (int) (id % 10_000), host, port);
                case Unix(var file) -> new Peer(id, "", 0, file.toString(), 0);
            };
            var socket = new ManualSocket(loop, peer, listener.protocol(), listener.limits(), events);
            sockets.add(socket);
            return socket;
        }

        @Override
        public Endpoint endpoint() {
            return listener.endpoint();
        }

        @Override
        public void accept() {
            accepts = true;
        }

        @Override
        public void stopAccepting() {
            accepts = false;
        }

        @Override
        public void close() {
            accepts = false;
            sockets.forEach(ManualSocket::shutDown);
        }
    }

    @Override
    public Listeners.Bound bind(Listener listener, SocketEvents events) {
        var address = new Address(listener, events);
        addresses.put(bound(), address);
        return address;
    }

    @Override
    public PacketPort bindPackets(Listener listener, PacketEvents events) {
        var port = new ManualPackets(
                loops.getFirst(), listener.endpoint(), listener.limits().maxPackageBytes(), events);
        packets.put(bound(), port);
        return port;
    }

    /** How many have been. */
    private int bound() {
        return addresses.size() + packets.size();
    }

    /** Of datagrams to a listener by its place in the plan. */
    ManualSender sender(int listener) {
        var port = packets.get(listener);
        if (port == null) {
            throw new IllegalArgumentException("listener " + listener + " takes no datagrams; those that do are "
                    + packets.keySet() + " of " + bound() + ", counted from 0");
        }
        return port.sender();
    }

    /** The first that takes datagrams. */
    int packetListener() {
        return packets.keySet().stream().findFirst().orElse(0);
    }

    /** The first that takes connections. */
    int streamListener() {
        return addresses.keySet().stream().findFirst().orElse(0);
    }

    /** A client of the test's, at a listener by its place in the plan. */
    ManualClient client(int listener) {
        var address = addresses.get(listener);
        if (address == null) {
            throw new IllegalArgumentException("no listener " + listener + " for connections; those there are "
                    + addresses.keySet() + " of " + bound() + ", counted from 0");
        }
        if (!address.accepts) {
            throw new IllegalStateException(address.endpoint() + " is no longer listened on");
        }
        var socket = address.accepted();
        var client = new ManualClient(socket, address.listener.protocol());
        socket.loop().execute(() -> socket.open(client.farEnd()));
        return client;
    }

    @Override
    public Connection connect(
            Executor slot,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers) {
        var events = new OutgoingEvents(slot, protocol, handlers, limits.maxWaitingMessages(), waiting);
        var peer = switch (endpoint.address()) {
            case Inet(var host, int port) -> new Peer(- ++dialled, host, port, "", 0);
            case Unix(var file) -> new Peer(- ++dialled, "", 0, file.toString(), 0);
        };
        var dialling = new ManualSocket(loops.getFirst(), peer, protocol, limits, events);
        loops.getFirst().execute(() -> dial(dialling, endpoint));
        return events.connection(dialling);
    }

    private void dial(ManualSocket dialling, Endpoint endpoint) {
        Optional<Address> found = addresses.values().stream()
                .filter(address -> address.accepts && isAt(address.endpoint(), endpoint))
                .findFirst();
        if (found.isEmpty()) {
            dialling.refuse("Connection refused: " + endpoint.hostAndPort()
                    + "; a manual engine reaches listeners of its own program only");
            return;
        }
        if (found.get().listener.protocol().hasRequests()) {
            dialling.refuse(endpoint.hostAndPort() + " speaks HTTP; a manual engine's connect().upgrade(...) opens a"
                    + " WebSocket there");
            return;
        }
        var accepted = found.get().accepted();
        accepted.open(to(dialling));
        dialling.open(to(accepted));
    }

    /** Hosts are all one here. */
    private static boolean isAt(Endpoint listening, Endpoint wanted) {
        return switch (wanted.address()) {
            case Inet(var _, int port) -> listening.address() instanceof Inet own && own.port() == port;
            case Unix unix -> unix.equals(listening.address());
        };
    }

    private static ManualSocket.FarEnd to(ManualSocket socket) {
        return new ManualSocket.FarEnd() {
            @Override
            public void arrived(Data packet) {
                socket.arrive(packet);
            }

            @Override
            public void closed(CloseStatus why) {
                socket.end(why);
            }
        };
    }
}
