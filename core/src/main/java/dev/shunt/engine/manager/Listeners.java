package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.net.Endpoint;
import dev.shunt.netty.ListeningSocket;
import dev.shunt.netty.Network;
import dev.shunt.netty.PacketEvents;
import dev.shunt.netty.PacketPort;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** The plan's listeners: bound before anything else starts, so that a port in use is known at once; accepting last. */
public final class Listeners {

    private static final Logger LOG = Log.of(Listeners.class);

    private final Plan plan;
    private final Groups groups;
    private final Connections connections;
    private final ChildSockets childSockets;
    private final Loop main;
    private final Clock clock;
    private final List<Bound> sockets = new ArrayList<>();

    Listeners(
            Plan plan,
            Groups groups,
            Connections connections,
            ChildSockets childSockets,
            Loop main,
            Clock clock) {
        this.plan = plan;
        this.groups = groups;
        this.connections = connections;
        this.childSockets = childSockets;
        this.main = main;
        this.clock = clock;
    }

    /** What takes addresses: the network, or what stands for it. */
    public interface Binder {

        /** Throws with the address and the remedy in its message. */
        Bound bind(Listener listener, SocketEvents events) throws IOException;

        /** Whether children can be given what is bound. */
        default boolean lends() {
            return false;
        }

        /** As {@link #bind}, for datagrams. */
        default PacketPort bindPackets(Listener listener, PacketEvents events) throws IOException {
            throw new IOException("cannot listen on " + listener.endpoint() + ": there are no datagrams here");
        }
    }

    /** An address that has been taken; see {@link ListeningSocket}. */
    public interface Bound {

        Endpoint endpoint();

        void accept();

        void stopAccepting();

        void close();

        /** Certificates, for connections to come; throws with the file in its message, and those read before stay. */
        default void readFilesAgain() throws IOException {}
    }

    private record OverNetwork(Network network, ListeningSocket socket) implements Bound {

        @Override
        public Endpoint endpoint() {
            return socket.endpoint();
        }

        @Override
        public void accept() {
            socket.accept();
        }

        @Override
        public void stopAccepting() {
            socket.stopAccepting();
        }

        @Override
        public void close() {
            socket.close();
        }

        @Override
        public void readFilesAgain() throws IOException {
            network.forgetFiles();
            socket.readFilesAgain();
        }
    }

    /** Children accept from it. */
    private record Lent(Bound bound, ChildSockets children) implements Bound {

        @Override
        public Endpoint endpoint() {
            return bound.endpoint();
        }

        @Override
        public void accept() {
            children.doors(Frame.Doors.State.OPEN);
        }

        @Override
        public void stopAccepting() {
            children.doors(Frame.Doors.State.SHUT);
            bound.stopAccepting();
        }

        @Override
        public void close() {
            children.doors(Frame.Doors.State.LEAVING);
            bound.close();
        }

        /** Children read them when they start, and a reload replaces these. */
        @Override
        public void readFilesAgain() throws IOException {
            bound.readFilesAgain();
        }
    }

    private record OverPackets(Packets packets) implements Bound {

        @Override
        public Endpoint endpoint() {
            return packets.socket().endpoint();
        }

        @Override
        public void accept() {
            packets.socket().accept();
        }

        @Override
        public void stopAccepting() {
            packets.socket().stopAccepting();
        }

        @Override
        public void close() {
            packets.socket().close();
        }
    }

    private static Bound bound(Packets packets, Binder binder) throws IOException {
        packets.boundTo(binder.bindPackets(packets.listener(), packets));
        return new OverPackets(packets);
    }

    static Binder over(Network network) {
        return new Binder() {
            @Override
            public boolean lends() {
                return true;
            }

            @Override
            public Bound bind(Listener listener, SocketEvents events) throws IOException {
                return new OverNetwork(
                        network,
                        network.bind(
                                listener.endpoint(),
                                listener.protocol(),
                                listener.limits(),
                                listener.options(),
                                events));
            }

            @Override
            public PacketPort bindPackets(Listener listener, PacketEvents events) throws IOException {
                return network.bindPackets(listener.endpoint(), listener.limits(), events);
            }
        };
    }

    /** Throws with the address and the remedy in its message. */
    void bind(Binder binder) throws IOException {
        for (int index = 0; index < plan.listeners().size(); index++) {
            Listener listener = plan.listeners().get(index);
            if (!listener.protocol().hasConnections()) {
                sockets.add(bound(packets(listener, index), binder));
            } else if (binder.lends() && plan.hasSocketsInChildren(listener)) {
                sockets.add(lent(listener, binder.bind(listener, events(listener, index))));
            } else {
                sockets.add(binder.bind(listener, events(listener, index)));
            }
        }
    }

    private Lent lent(Listener listener, Bound bound) throws IOException {
        if (!Network.canLend()) {
            bound.close();
            throw new IOException("cannot listen on " + listener.endpoint() + " with sockets(IN_CHILD): to pass a listening"
                    + " socket to children needs Linux and its epoll, which is not to be had here; leave it out");
        }
        return new Lent(bound, childSockets);
    }

    /** Those that children accept from, by their index in the plan. */
    Map<Integer, ListeningSocket> lent() {
        var lent = new HashMap<Integer, ListeningSocket>();
        for (int index = 0; index < sockets.size(); index++) {
            if (sockets.get(index) instanceof Lent(OverNetwork bound, var _)) {
                lent.put(index, bound.socket());
            }
        }
        return lent;
    }

    void accept() {
        sockets.forEach(Bound::accept);
    }

    void stopAccepting() {
        sockets.forEach(Bound::stopAccepting);
    }

    /** Begins to close, in order, every connection accepted; does not wait. */
    void closeConnections() {
        sockets.forEach(Bound::close);
    }

    /** Certificates have changed. What cannot be read is logged, and what was read before stays in use. Not on a loop. */
    void readFilesAgain() {
        for (var socket : sockets) {
            try {
                socket.readFilesAgain();
            } catch (IOException | RuntimeException e) {
                LOG.error("{} goes on with the certificate that it has: {}", socket.endpoint(), e.getMessage());
            }
        }
    }

    /** With the ports they got. */
    List<Endpoint> endpoints() {
        return sockets.stream().map(Bound::endpoint).toList();
    }

    /** To whom it may concern; false if it was not sent. */
    boolean sendTo(int index, InetSocketAddress to, Data datagram) {
        if (sockets.get(index) instanceof OverPackets bound) {
            return bound.packets().send(to, datagram);
        }
        throw new IllegalArgumentException(sockets.get(index).endpoint() + " is no address for datagrams");
    }

    private Packets packets(Listener listener, int index) {
        Group group = plan.group(listener.group());
        if (group.placement() == Placement.EVENT_LOOP) {
            var inline = new InlinePackets(groups.onLoops(group), clock);
            return new Packets(listener, index, connections.packets(), inline);
        }
        var run = groups.connections(group);
        var policy = RunPolicy.within(listener.options().handlerTimeout());
        return new Packets(listener, index, connections.packets(), (packets, datagram) -> {
            if (connections.packets().takes(listener.options().maxWaitingPackets(), listener.endpoint())) {
                Work<ConnectionWork> work = Work.task(new DispatchedPacket(packets, datagram), policy);
                onMain(() -> run.submit(work));
            }
        });
    }

    private void onMain(Runnable action) {
        if (main.inLoop()) {
            action.run();
        } else {
            main.execute(action);
        }
    }

    /** What hears of the sockets of a listener. */
    SocketEvents events(Listener listener, int index) {
        Group group = plan.group(listener.group());
        return group.placement() == Placement.EVENT_LOOP
                ? new InlineListener(listener, connections, groups.onLoops(group), clock)
                : new DispatchedListener(listener, index, groups.connections(group), connections, main);
    }
}
