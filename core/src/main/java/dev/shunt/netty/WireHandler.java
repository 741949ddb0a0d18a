package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.net.CloseStatus;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * A {@link Wire} as the last handler of its channel's pipeline: tells its socket what happens to the channel. What a wire
 * does is here what it does during a handshake, nothing. The loop's thread only.
 */
abstract class WireHandler extends ChannelInboundHandlerAdapter implements Wire {

    final SocketLifecycle socket;

    WireHandler(SocketLifecycle socket) {
        this.socket = socket;
    }

    @Override
    public void append(Data.Kind kind, byte[] bytes, Outbox out) {
        throw new IllegalStateException(socket + " is not open yet");
    }

    @Override
    public void proceed() {}

    @Override
    public boolean holds() {
        return false;
    }

    @Override
    public boolean sayGoodbye(CloseStatus why) {
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
        try { // no room for its message is this connection's end, and gives back what it held
            socket.broke(cause);
        } catch (Throwable e) {
            GuardedLoop.endIfFatal(ctx, e);
            throw e;
        }
    }
}
