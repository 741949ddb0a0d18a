package dev.shunt.engine.manager;

import dev.shunt.control.ControlSite;
import dev.shunt.control.EventStreams;
import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.http.HttpPart;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import org.slf4j.Logger;

/** Brings requests on one address to a site. Its connections are none of the program's. Lives on their loops. */
final class ControlListener implements SocketEvents {

    private static final Logger LOG = Log.of(ControlListener.class);

    private final ApplicationProtocol protocol;
    private final ControlSite site;
    private final EventStreams streams;

    ControlListener(ApplicationProtocol protocol, ControlSite site, EventStreams streams) {
        this.protocol = protocol;
        this.site = site;
        this.streams = streams;
    }

    @Override
    public void opened(Socket socket) {
        socket.attach(new SocketConnection(socket, protocol));
    }

    @Override
    public void received(Socket socket, Data packet) {
        var connection = of(socket);
        if (protocol.decode(packet) instanceof Request request) {
            try {
                site.handle(request, new Response(request, (part, _) -> answer(connection, part), false));
            } catch (RuntimeException | Error e) { // the connection is closed, the loop lives on
                socket.loop().endIfFatal(e);
                LOG.error("{} could not be answered", request, e);
                connection.breakOff();
            }
        }
    }

    private static boolean answer(SocketConnection connection, HttpPart part) {
        try {
            return connection.answer(part);
        } catch (IllegalStateException e) { // it took longer than it may, and its client was told so
            LOG.debug("an answer comes too late", e);
            return false;
        }
    }

    @Override
    public void failed(Socket socket, String message) {}

    @Override
    public void drained(Socket socket) {
        var _ = of(socket).sendKept();
    }

    @Override
    public void closed(Socket socket, String reason) {
        if (socket.attachment() instanceof SocketConnection connection) {
            streams.closed(connection.id());
        }
    }

    private static SocketConnection of(Socket socket) {
        if (socket.attachment() instanceof SocketConnection connection) {
            return connection;
        }
        throw new IllegalStateException("a socket that never opened");
    }
}
