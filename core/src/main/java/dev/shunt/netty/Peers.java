package dev.shunt.netty;

import dev.shunt.net.Endpoint;
import dev.shunt.net.Peer;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Who is at the ends of a channel. */
final class Peers {

    private Peers() {}

    static Peer of(Channel channel, long connectionId) {
        var remote = channel.remoteAddress();
        var local = channel.localAddress();
        return new Peer(connectionId, host(remote), port(remote), host(local), port(local));
    }

    /** A peer not reached yet, as it was asked for. */
    static Peer expected(Endpoint endpoint, long connectionId) {
        return new Peer(connectionId, endpoint.host(), endpoint.port(), "", 0);
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress()
                : "";
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }
}
