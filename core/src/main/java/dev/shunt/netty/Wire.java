package dev.shunt.netty;

import dev.shunt.data.Data;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * How one socket's packets travel: as a byte stream cut by a protocol, as WebSocket messages, or, before those, as a
 * handshake. The last handler of the channel's pipeline; tells its {@link ChannelSocket} what happens. The methods here do what
 * a handshake needs, nothing. NettyLoop's thread only.
 */
abstract class Wire extends ChannelInboundHandlerAdapter {

    final ChannelSocket socket;

    Wire(ChannelSocket socket) {
        this.socket = socket;
    }

    /** Writes one packet as it travels. */
    void append(Data.Kind kind, byte[] bytes, Outbox out) {
        throw new IllegalStateException(socket + " is not open yet");
    }

    /** Delivers what has been received, as far as {@link ChannelSocket#mayDeliver}; drops it if nobody wants it any more. */
    void proceed() {}

    /** Whether received bytes are kept that nobody has been given yet. */
    boolean holds() {
        return false;
    }

    /** Says goodbye. True if the peer answers to it, upon which {@link ChannelSocket#closeWhenFlushed} is due. */
    boolean sayGoodbye(Goodbye goodbye) {
        return false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        socket.readAll();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            socket.inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        socket.disconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        socket.broke(cause);
    }

    /** Why a socket is closed from this side. */
    enum Goodbye {
        DONE,
        SHUTDOWN
    }
}
