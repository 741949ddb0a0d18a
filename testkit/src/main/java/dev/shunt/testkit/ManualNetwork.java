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
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The addresses that a program listens on, and connections to these and no others. */
final class ManualNetwork implements Listeners.Binder, Dialer {

    private static final int FIRST_PORT = 49_152;
    private static final String HERE = "127.0.0.1";

    private final List<ManualLoop> loops;
    private final List<Address> addresses = new ArrayList<>();
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
        addresses.add(address);
        return address;
    }

    /** A client of the test's, at a listener by its place in the plan. */
    ManualClient client(int listener) {
        if (listener < 0 || listener >= addresses.size()) {
            throw new IllegalArgumentException(
                    "no listener " + listener + "; the program has " + addresses.size() + ", counted from 0");
        }
        var address = addresses.get(listener);
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
        Optional<Address> found = addresses.stream()
                .filter(address -> address.accepts && isAt(address.endpoint(), endpoint))
                .findFirst();
        if (found.isEmpty()) {
            dialling.refuse("Connection refused: " + endpoint.hostAndPort()
                    + "; a manual engine reaches listeners of its own program only");
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
