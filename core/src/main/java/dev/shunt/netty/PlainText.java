package dev.shunt.netty;

import dev.shunt.net.ApplicationProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;

/**
 * Behind the encryption of a listener: tells who comes without any what the mistake is. The log has it, and where HTTP is
 * spoken the client is answered, as nginx and others do; then it is closed. The loop's thread only.
 */
final class PlainText extends ChannelInboundHandlerAdapter {

    private static final String WHY = "this port speaks TLS: ask for https:// or wss://\n";

    private static final byte[] ANSWER = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Length: " + WHY.length() + "\r\nConnection: close\r\n\r\n" + WHY)
            .getBytes(StandardCharsets.US_ASCII);

    private final ApplicationProtocol spoken;
    private final Admission admission;

    PlainText(ApplicationProtocol spoken, Admission admission) {
        this.spoken = spoken;
        this.admission = admission;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && done.cause() instanceof NotSslRecordException) {
            admission.tell("what they send is not encrypted, and TLS is spoken here");
            if (spoken.beginsWithHttp()) {
                var encryption = context.pipeline().context(SslHandler.class);
                var _ = encryption.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)); // past it; it closes next
            }
        }
        context.fireUserEventTriggered(event);
    }
}
