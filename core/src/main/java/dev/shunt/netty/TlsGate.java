package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Between encryption and what is spoken: that hears of an open channel when both ends have agreed on keys, and of an end of
 * input where the other end says it. The loop's thread only.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {

    private static final int GOODBYE_MILLIS = 1_000;

    private final SocketLifecycle socket;
    private boolean open;

    private TlsGate(SocketLifecycle socket) {
        this.socket = socket;
    }

    /** To stand in front of all handlers that the channel has. */
    static List<ChannelHandler> handlers(Channel channel, TlsContexts.Encryption encryption, SocketLifecycle socket) {
        return List.of(new Meter(socket.outbox()), encryption.handler(channel), new TlsGate(socket));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // not before the handshake
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent done
            when done.isSuccess() -> {
                open = true;
                context.pipeline().get(SslHandler.class).setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
                context.fireChannelActive();
            }
            case SslHandshakeCompletionEvent done -> failed(done.cause());
            case SslCloseCompletionEvent done
            when done.isSuccess() && open -> context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            case ChannelInputShutdownEvent _ when !open -> failed(new SSLException("closed by the peer"));
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable plain = cause instanceof DecoderException wrapped && wrapped.getCause() instanceof IOException inner
                ? inner
                : cause;
        if (open || !(plain instanceof IOException || plain instanceof DecoderException)) {
            context.fireExceptionCaught(plain);
        } else {
            failed(plain);
        }
    }

    private void failed(Throwable cause) {
        socket.failed(socket.cannotConnect("the TLS handshake failed: " + reason(cause)));
    }

    /** With what its last cause alone says, such as the day since which a certificate is not valid any more. */
    private static String reason(Throwable cause) {
        Throwable last = cause;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String reason = String.valueOf(cause.getMessage());
        String more = last.getMessage();
        return more == null || reason.contains(more) ? reason : reason + ": " + more;
    }

    /** Tells the outbox what encryption makes of what it wrote: that, and no more, the channel keeps until it is sent. */
    private static final class Meter extends ChannelOutboundHandlerAdapter {

        private final Outbox outbox;

        Meter(Outbox outbox) {
            this.outbox = outbox;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            long before = outbox.pending();
            var _ = context.write(message, promise);
            outbox.handedIn(outbox.pending() - before);
        }
    }
}
