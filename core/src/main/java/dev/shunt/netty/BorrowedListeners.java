package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gathers the descriptors that a manager gives, and then closes. The loop's thread only, but for {@link #all}. */
final class BorrowedListeners extends ChannelInboundHandlerAdapter {

    private final String secret;
    private final List<Integer> wanted;
    private final List<FileDescriptor> received = new ArrayList<>();
    private final CompletableFuture<List<FileDescriptor>> all = new CompletableFuture<>();

    /** @param wanted which, as the plan counts listeners */
    BorrowedListeners(String secret, List<Integer> wanted) {
        this.secret = secret;
        this.wanted = wanted;
    }

    /** In the order of what is wanted; or failed with why there are none. */
    CompletableFuture<List<FileDescriptor>> all() {
        return all;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var _ = context.writeAndFlush(Unpooled.copiedBuffer(ListenerLending.line(secret, wanted), US_ASCII));
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received.add((FileDescriptor) message);
        if (received.size() == wanted.size()) {
            all.complete(List.copyOf(received));
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        all.completeExceptionally(new IOException("the manager gave " + received.size() + " of " + wanted.size()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        GuardedLoop.endIfFatal(context, cause);
        all.completeExceptionally(cause);
        var _ = context.close();
    }
}
