package dev.shunt.engine.manager;

import dev.shunt.net.Endpoint;
import dev.shunt.netty.ListeningSocket;
import dev.shunt.netty.Network;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The plan's listeners: bound before anything else starts, so that a port in use is known at once; accepting last. */
public final class Listeners {

    private final Plan plan;
    private final Groups groups;
    private final Connections connections;
    private final Loop main;
    private final Clock clock;
    private final List<Bound> sockets = new ArrayList<>();

    Listeners(Plan plan, Groups groups, Connections connections, Loop main, Clock clock) {
        this.plan = plan;
        this.groups = groups;
        this.connections = connections;
        this.main = main;
        this.clock = clock;
    }

    /** What takes addresses: the network, or what stands for it. */
    public interface Binder {

        /** Throws with the address and the remedy in its message. */
        Bound bind(Listener listener, SocketEvents events) throws IOException;
    }

    /** An address that has been taken; see {@link ListeningSocket}. */
    public interface Bound {

        Endpoint endpoint();

        void accept();

        void stopAccepting();

        void close();
    }

    private record OverNetwork(ListeningSocket socket) implements Bound {

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
    }

    static Binder over(Network network) {
        return (listener, events) ->
                new OverNetwork(network.bind(listener.endpoint(), listener.protocol(), listener.limits(), events));
    }

    /** Throws with the address and the remedy in its message. */
    void bind(Binder binder) throws IOException {
        for (int index = 0; index < plan.listeners().size(); index++) {
            Listener listener = plan.listeners().get(index);
            sockets.add(binder.bind(listener, events(listener, index)));
        }
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

    /** With the ports they got. */
    List<Endpoint> endpoints() {
        return sockets.stream().map(Bound::endpoint).toList();
    }

    /** What hears of the sockets of a listener. */
    SocketEvents events(Listener listener, int index) {
        Group group = plan.group(listener.group());
        return group.placement() == Placement.EVENT_LOOP
                ? new InlineListener(listener, connections, groups.onLoops(group), clock)
                : new DispatchedListener(listener, index, groups.connections(group), connections, main);
    }
}
